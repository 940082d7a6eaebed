package dev.ensembled.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Creates a bare repository with one commit from the files of a directory, so that there is a repository to push to. */
public final class SampleRepository {
    private static final String BRANCH = "refs/heads/main";

    private SampleRepository() {}

    /**
     * Creates the repository with a branch {@code main}; does not change an existing repository.
     *
     * @throws IOException if the sample cannot be read or the repository cannot be written
     */
    public static void create(Path bare, Path sample) throws IOException {
        if (Files.exists(bare.resolve("HEAD"))) {
            return;
        }
        if (!Files.isDirectory(sample)) {
            throw new IOException("sample repository " + sample + " not found");
        }
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(bare.toFile())
                        .setBare()
                        .build();
                ObjectInserter inserter = repository.newObjectInserter()) {
            repository.create(true);
            ObjectId commit = commit(inserter, tree(inserter, sample));
            inserter.flush();
            repository.updateRef(Constants.HEAD).link(BRANCH);
            RefUpdate main = repository.updateRef(BRANCH);
            main.setNewObjectId(commit);
            if (main.update() != RefUpdate.Result.NEW) {
                throw new IOException("cannot create the branch main: " + main.getResult());
            }
        }
    }

    private static ObjectId commit(ObjectInserter inserter, ObjectId tree) throws IOException {
        PersonIdent author = new PersonIdent("ensembled", "ensembled@localhost");
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage("Add the sample configuration\n");
        return inserter.insert(commit);
    }

    private static ObjectId tree(ObjectInserter inserter, Path sample) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        for (Path file : files(sample)) {
            String path = sample.relativize(file).toString().replace('\\', '/');
            DirCacheEntry entry = new DirCacheEntry(path);
            entry.setFileMode(Files.isExecutable(file) ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, Files.readAllBytes(file)));
            builder.add(entry);
        }
        builder.finish();
        return index.writeTree(inserter);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
