package dev.ensembled.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A real bare repository whose commits may contain what no well-meaning user would commit. */
public final class ConfigRepo implements AutoCloseable {
    private final Path directory;
    private final Repository repository;
    private final Map<String, Entry> tree = new TreeMap<>();
    private Optional<UnaryOperator<byte[]>> signer = Optional.empty();

    private record Entry(FileMode mode, ObjectId id) {}

    public ConfigRepo(Path directory) throws IOException {
        this.directory = directory;
        this.repository = new FileRepositoryBuilder()
                .setBare()
                .setGitDir(directory.toFile())
                .build();
        repository.create(true);
        repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + "main");
    }

    public Path directory() {
        return directory;
    }

    public String url() {
        return "file://" + directory;
    }

    public ConfigRepo write(String path, String text) {
        return write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public ConfigRepo write(String path, byte[] content) {
        tree.put(path, new Entry(FileMode.REGULAR_FILE, blob(content)));
        return this;
    }

    public ConfigRepo link(String path, String target) {
        tree.put(path, new Entry(FileMode.SYMLINK, blob(target.getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    public ConfigRepo submodule(String path) {
        tree.put(path, new Entry(FileMode.GITLINK, ObjectId.fromString("1234567890123456789012345678901234567890")));
        return this;
    }

    public ConfigRepo delete(String path) {
        tree.remove(path);
        return this;
    }

    /** Signs all commits and annotated tags from now on: the signer returns the armored signature of a payload. */
    public ConfigRepo signedBy(UnaryOperator<byte[]> signer) {
        this.signer = Optional.of(signer);
        return this;
    }

    /** Signs no commit or tag from now on. */
    public ConfigRepo unsigned() {
        this.signer = Optional.empty();
        return this;
    }

    /** Removes all files. */
    public ConfigRepo reset() {
        tree.clear();
        return this;
    }

    /** The newest commit of a branch. */
    public String head(String branch) {
        try {
            return repository.exactRef(Constants.R_HEADS + branch).getObjectId().name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits on top of {@code main} and returns the commit's id. */
    public String commit(String message) {
        return commit("main", message, true);
    }

    /** Replaces {@code main} by a commit without history, as a force-push may. */
    public String rewrite(String message) {
        return commit("main", message, false);
    }

    public String commit(String branch, String message, boolean onTop) {
        try (ObjectInserter objects = repository.newObjectInserter()) {
            Ref before = repository.exactRef(Constants.R_HEADS + branch);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(writeTree(objects));
            PersonIdent author = new PersonIdent("Alice", "alice@example.org");
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(message);
            if (onTop && before != null) {
                commit.setParentId(before.getObjectId());
            }
            if (signer.isPresent()) {
                commit.setGpgSignature(new GpgSignature(signer.get().apply(commit.build())));
            }
            ObjectId id = objects.insert(commit);
            objects.flush();
            RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
            update.setNewObjectId(id);
            update.forceUpdate();
            return id.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a branch point to a commit, as a force push does. */
    public void force(String branch, String commit) {
        point(Constants.R_HEADS + branch, ObjectId.fromString(commit));
    }

    /** Creates or moves a lightweight tag. */
    public void tag(String name, String commit) {
        point(Constants.R_TAGS + name, ObjectId.fromString(commit));
    }

    /** Creates or moves an annotated tag, which is signed as commits are. */
    public void annotatedTag(String name, String commit) {
        try (ObjectInserter objects = repository.newObjectInserter()) {
            TagBuilder tag = new TagBuilder();
            tag.setTag(name);
            tag.setObjectId(ObjectId.fromString(commit), Constants.OBJ_COMMIT);
            tag.setTagger(new PersonIdent("Alice", "alice@example.org"));
            tag.setMessage(name + " of " + commit + "\n");
            if (signer.isPresent()) {
                tag.setGpgSignature(new GpgSignature(signer.get().apply(tag.build())));
            }
            ObjectId id = objects.insert(tag);
            objects.flush();
            point(Constants.R_TAGS + name, id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Publishes the object of an annotated tag under another name. */
    public void copyTag(String from, String to) {
        try {
            point(
                    Constants.R_TAGS + to,
                    repository.exactRef(Constants.R_TAGS + from).getObjectId());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void deleteTag(String name) {
        try {
            RefUpdate update = repository.updateRef(Constants.R_TAGS + name);
            update.setForceUpdate(true);
            update.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void point(String ref, ObjectId to) {
        try {
            RefUpdate update = repository.updateRef(ref);
            update.setNewObjectId(to);
            update.forceUpdate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void deleteBranch(String branch) throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
        update.setForceUpdate(true);
        update.delete();
    }

    private ObjectId blob(byte[] content) {
        try (ObjectInserter objects = repository.newObjectInserter()) {
            ObjectId id = objects.insert(Constants.OBJ_BLOB, content);
            objects.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectId writeTree(ObjectInserter objects) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        for (Map.Entry<String, Entry> one : tree.entrySet()) {
            DirCacheEntry entry = new DirCacheEntry(one.getKey());
            entry.setFileMode(one.getValue().mode());
            entry.setObjectId(one.getValue().id());
            builder.add(entry);
        }
        builder.finish();
        return index.writeTree(objects);
    }

    @Override
    public void close() {
        repository.close();
    }
}
