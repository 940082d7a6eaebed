package dev.ensembled.git.tree;

import dev.ensembled.git.failure.MissingReference;
import dev.ensembled.git.failure.UnsupportedFormat;
import dev.ensembled.git.history.AncestorSearch;
import dev.ensembled.git.history.Descent;
import dev.ensembled.git.history.History;
import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.SignatureGate;
import dev.ensembled.git.signature.Verdict.Verified;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.revwalk.RevCommit;
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
     * Reads the newest commit of the reference.
     *
     * @param previous the last snapshot, which is returned if the commit is the same
     * @param history decides whether the commit may be accepted
     * @param progress is informed about each phase, and may cancel the search in the history
     */
    public CommitFiles read(Optional<CommitFiles> previous, History history, Progress progress)
            throws IOException, SourceFailedException {
        progress.begins("listing the refs");
        try (Repository repository = open()) {
            Tip tip = tip(repository);
            String head = tip.commit().name();
            if (previous.isPresent() && previous.get().commit().equals(head)) {
                return previous.get();
            }
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit commit = walk.parseCommit(tip.commit());
                Optional<Verified> signer = new SignatureGate(settings, walk.getObjectReader()).admit(tip);
                progress.begins("searching the history of commit " + head);
                List<String> notes =
                        history.require(tip, (next, last) -> descent(walk.getObjectReader(), next, last, progress));
                progress.begins("reading the files of commit " + head);
                return new TreeReader(walk.getObjectReader(), commit, settings.path(), false)
                        .read(signer)
                        .with(notes);
            } catch (MissingObjectException e) {
                throw incomplete(repository, tip, e);
            }
        }
    }

    /** What the reader is doing, and whether it should stop. */
    public interface Progress {
        void begins(String phase);

        boolean isCancelled();
    }

    private Tip tip(Repository repository) throws IOException, SourceFailedException {
        RefDatabase refs = repository.getRefDatabase();
        List<Ref> peeled = new ArrayList<>();
        for (Ref ref :
                refs.getRefsByPrefix(settings.reference().listed().getSource().replace("*", ""))) {
            peeled.add(refs.peel(ref));
        }
        Optional<Tip> tip = settings.reference().find(peeled);
        if (tip.isEmpty()) {
            throw MissingReference.of(
                    settings, refs.getRefs().stream().map(Ref::getName).toList());
        }
        return tip.get();
    }

    private static Descent descent(ObjectReader objects, ObjectId commit, ObjectId ancestor, Progress progress)
            throws IOException {
        return switch (new AncestorSearch(objects, progress::isCancelled).run(commit, ancestor)) {
            case FOUND -> Descent.PROVEN;
            case NOT_FOUND -> Descent.EXCLUDED;
            case INCOMPLETE -> Descent.unknown("the repository is shallow, and lacks a part of the history");
            case TOO_LONG ->
                Descent.unknown("there are more than " + AncestorSearch.MOST_COMMITS + " commits between them");
            case CANCELLED -> throw new IOException("cancelled");
        };
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

    private SourceFailedException incomplete(Repository repository, Tip tip, MissingObjectException missing) {
        String head = tip.commit().name();
        if (missing.getObjectId().equals(tip.commit())
                && settings.reference().fixed().isPresent()) {
            return MissingReference.of(settings, List.of());
        }
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
