package dev.ensembled.git;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.TreeReader;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.accept.Leftovers;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jboss.logging.Logger;

/**
 * Searches all files of a commit below the configured directory for leftovers, whatever their names, hidden files included.
 * Reads the local clone, one file at a time; a file that cannot be searched counts as a leftover. Used once, by the thread
 * that fetches.
 */
final class LeftoverSearch implements Leftovers {
    private static final Logger LOG = Logger.getLogger(LeftoverSearch.class);
    private static final long MAX_BYTES = 256L * 1024 * 1024;
    private static final int FILES_PER_HEARTBEAT = 256;

    private final GitSettings settings;
    private final GitRepository repository;
    private final String commit;
    private final Runnable heartbeat;
    private boolean commitMissing;

    /**
     * Creates a search that has not started.
     *
     * @param heartbeat called at intervals, since the search of a large repository takes long
     */
    LeftoverSearch(GitSettings settings, GitRepository repository, String commit, Runnable heartbeat) {
        this.settings = settings;
        this.repository = repository;
        this.commit = commit;
        this.heartbeat = heartbeat;
    }

    /** Whether the search found that the clone no longer has the commit. */
    boolean commitMissing() {
        return commitMissing;
    }

    @Override
    public Map<EnsembleId, Violation> find(Collection<Leftover> gone) {
        try (Repository local = repository.open();
                RevWalk commits = new RevWalk(local);
                TreeWalk files = new TreeWalk(commits.getObjectReader())) {
            files.addTree(commits.parseCommit(ObjectId.fromString(commit)).getTree());
            return new Walk(files, gone).run();
        } catch (IOException | SourceFailedException | RuntimeException e) {
            LogEntry.of("git search for leftovers failed")
                    .with(LogKey.COMMIT, commit)
                    .with(LogKey.REASON, DisplayText.oneLine(e.toString()))
                    .info(LOG);
            commitMissing = true;
            return all(
                    gone,
                    "the commit cannot be searched for leftovers, because the clone of the repository in "
                            + settings.cacheDirectory() + " is damaged; it is fetched again");
        }
    }

    private Map<EnsembleId, Violation> all(Collection<Leftover> gone, String why) {
        String file = settings.path().isEmpty() ? "." : settings.path();
        Map<EnsembleId, Violation> all = new TreeMap<>();
        gone.forEach(one -> all.put(one.id(), new Violation(file, 1, 1, "", one.id() + " is not removed: " + why)));
        return all;
    }

    private final class Walk {
        private final TreeWalk files;
        private final Collection<Leftover> gone;
        private final Map<EnsembleId, Violation> found = new TreeMap<>();
        private long bytes;
        private int count;

        Walk(TreeWalk files, Collection<Leftover> gone) {
            this.files = files;
            this.gone = gone;
        }

        Map<EnsembleId, Violation> run() throws IOException {
            while (files.next()) {
                if (count++ % FILES_PER_HEARTBEAT == 0) {
                    heartbeat.run();
                }
                String path = files.getPathString();
                if (files.getFileMode(0) == FileMode.TREE) {
                    if (leadsTo(path) || isBelow(path)) {
                        files.enterSubtree();
                    }
                } else if (isBelow(path)) {
                    add(one -> hidden(one, path));
                    search(path);
                }
                if (bytes > MAX_BYTES) {
                    return all(
                            gone,
                            "there are more than " + MAX_BYTES / (1024 * 1024)
                                    + " MiB of files to search for leftovers;"
                                    + " set the path to a directory that contains only specs");
                }
            }
            return found;
        }

        private boolean leadsTo(String directory) {
            return settings.path().startsWith(directory + "/")
                    || settings.path().equals(directory);
        }

        private boolean isBelow(String path) {
            return settings.path().isEmpty() || path.startsWith(settings.path() + "/");
        }

        /** Finds an entry that is not a directory, at a path where a parent directory of the file was. */
        private Optional<Violation> hidden(Leftover one, String path) {
            return one.path().startsWith(path + "/") ? Optional.of(one.hiddenBy(path)) : Optional.empty();
        }

        private void search(String path) throws IOException {
            boolean file = (files.getFileMode(0).getBits() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
            Optional<byte[]> content = file ? content() : Optional.empty();
            content.ifPresentOrElse(read -> add(one -> one.in(path, read)), () -> add(one -> one.unseen(path)));
            bytes += content.map(read -> read.length).orElse(0);
        }

        /** The content of a file; empty if the file is larger than a spec may be, or was not fetched for that reason. */
        private Optional<byte[]> content() throws IOException {
            try {
                ObjectReader objects = files.getObjectReader();
                ObjectId file = files.getObjectId(0);
                return objects.getObjectSize(file, Constants.OBJ_BLOB) > TreeReader.LARGEST_FILE
                        ? Optional.empty()
                        : Optional.of(objects.open(file, Constants.OBJ_BLOB).getCachedBytes(TreeReader.LARGEST_FILE));
            } catch (MissingObjectException e) {
                return Optional.empty();
            }
        }

        private void add(Function<Leftover, Optional<Violation>> finder) {
            for (Leftover one : gone) {
                if (!found.containsKey(one.id())) {
                    finder.apply(one).ifPresent(violation -> found.put(one.id(), violation));
                }
            }
        }
    }
}
