package dev.ensembled.git.tree;

import dev.ensembled.git.failure.MissingBranch;
import dev.ensembled.git.failure.UnsupportedFormat;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.SignatureGate;
import dev.ensembled.git.signature.Verdict.Verified;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * The repository of a {@code file:} URL. It is read in place: there is nothing to transfer, and a transfer inside one
 * process would compute a pack in the memory of this process, whatever the size of its objects.
 */
public final class FileRepositoryReader {
    private final GitSettings settings;

    public FileRepositoryReader(GitSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the newest commit of the branch.
     *
     * @param previous the last snapshot, which is returned if the commit is the same
     * @param phase called with a description of each phase, before it begins
     */
    public CommitFiles read(Optional<CommitFiles> previous, Consumer<String> phase)
            throws IOException, SourceFailedException {
        phase.accept("listing the refs");
        try (Repository repository = open()) {
            Ref branch = repository.exactRef(settings.ref());
            if (branch == null || branch.getObjectId() == null) {
                List<String> refs = repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                        .map(Ref::getName)
                        .toList();
                throw MissingBranch.of(settings, refs);
            }
            String head = branch.getObjectId().name();
            if (previous.isPresent() && previous.get().commit().equals(head)) {
                return previous.get();
            }
            phase.accept("reading the files of commit " + head);
            try (RevWalk walk = new RevWalk(repository)) {
                Optional<Verified> signer =
                        new SignatureGate(settings, walk.getObjectReader()).admitCommit(branch.getObjectId());
                return new TreeReader(
                                walk.getObjectReader(), walk.parseCommit(branch.getObjectId()), settings.path(), false)
                        .read(signer);
            } catch (MissingObjectException e) {
                throw incomplete(repository, head, e);
            }
        }
    }

    /** Opens the repository, if its format can be read. */
    public Repository open() throws IOException, SourceFailedException {
        File directory = directory();
        checkFormat(directory);
        return new FileRepositoryBuilder().setGitDir(directory).build();
    }

    private File directory() throws SourceFailedException {
        File path =
                FS.DETECTED.resolve(new File("."), settings.url().forTransport().getPath());
        if (path.isFile()) {
            throw new SourceFailedException(
                    settings.url() + " is a file, possibly a bundle, not a repository directory",
                    "Create a repository from the bundle with \"git clone --bare\", and configure its directory.");
        }
        File found = RepositoryCache.FileKey.resolve(path, FS.DETECTED);
        if (found == null) {
            throw new SourceFailedException(
                    "Repository " + settings.url() + " not found or not readable",
                    "Check the URL, and that the user of this process has read permission on the directory.");
        }
        return found;
    }

    /** The configuration is checked first, since JGit reports a repository of an unknown format as damaged. */
    private void checkFormat(File directory) throws IOException, SourceFailedException {
        FileBasedConfig config = new FileBasedConfig(new File(directory, Constants.CONFIG), FS.DETECTED);
        try {
            config.load();
        } catch (ConfigInvalidException e) {
            throw new IOException("malformed repository file \"config\"", e);
        }
        Optional<String> unreadable = RepositoryFormat.unreadable(config);
        if (unreadable.isPresent()) {
            throw UnsupportedFormat.of(settings, unreadable.get());
        }
    }

    private SourceFailedException incomplete(Repository repository, String head, MissingObjectException missing) {
        boolean partial = repository.getConfig().getSubsections("remote").stream()
                        .anyMatch(remote -> repository.getConfig().getBoolean("remote", remote, "promisor", false))
                || repository.getConfig().getString("extensions", null, "partialClone") != null;
        boolean alternates = new File(repository.getDirectory(), "objects/info/alternates").exists();
        String what = "Object " + missing.getObjectId().name() + " of commit " + head + " is missing in repository "
                + settings.url();
        if (partial) {
            return new SourceFailedException(
                    what + ": the repository is a partial clone, which fetches missing objects from its remote",
                    "Clone it without --filter, or configure the URL of that remote.",
                    missing);
        }
        return alternates
                ? new SourceFailedException(
                        what + " and in the directories that objects/info/alternates lists",
                        "Give this process access to these directories at the same paths, or copy all objects into the"
                                + " repository with \"git repack -a -d\".",
                        missing)
                : new SourceFailedException(
                        what, "Check the repository with \"git fsck\", and push the commit again.", missing);
    }
}
