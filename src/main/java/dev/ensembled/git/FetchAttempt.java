package dev.ensembled.git;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.Optional;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jboss.logging.Logger;

/**
 * One fetch, run by a thread of its own that is given up at the deadline:
 *
 * <ol>
 *   <li>read the credentials;
 *   <li>ask the server for the newest commit of the branch; if it is the one that was read last, end here;
 *   <li>transfer that commit, unless the local clone has it;
 *   <li>read its files. If the clone turns out to be damaged in any of this, throw it away and transfer once more.
 * </ol>
 */
final class FetchAttempt implements Runnable {
    private static final Logger LOG = Logger.getLogger(FetchAttempt.class);

    private final GitSettings settings;
    private final HttpConnections http;
    private final Deadline deadline;
    private final Optional<Snapshot> previous;
    private final LocalClone clone;
    private volatile boolean cancelled;
    private volatile String phase = "reading the credentials";
    private volatile Snapshot snapshot;
    private volatile SourceFailedException failure;
    private volatile Throwable unexpected;

    FetchAttempt(GitSettings settings, HttpClient client, Deadline deadline, Optional<Snapshot> previous) {
        this.settings = settings;
        this.http = new HttpConnections(client, deadline, settings.url());
        this.deadline = deadline;
        this.previous = previous;
        this.clone = new LocalClone(settings.cacheDirectory());
    }

    @Override
    public void run() {
        try {
            snapshot = fetch();
        } catch (SourceFailedException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            unexpected = e;
        }
    }

    /** The result, once the thread has ended. */
    Snapshot result() throws SourceFailedException {
        if (unexpected != null) {
            throw new IllegalStateException("the fetch of " + settings.url() + " broke", unexpected);
        }
        if (failure != null) {
            throw deadline.passed() ? timedOut() : failure;
        }
        return snapshot;
    }

    /** Gives it up; the thread has to be interrupted too. */
    void cancel() {
        cancelled = true;
        try {
            http.end();
        } catch (IOException e) {
            LOG.debugf("git connection not closed cleanly reason=\"%s\"", e.getMessage());
        }
    }

    SourceFailedException timedOut() {
        return new SourceFailedException(
                "The fetch of " + settings.url() + " did not end within "
                        + deadline.allowed().toSeconds() + " s; it was " + phase,
                "Check that the Git server answers; if the repository is large, allow more time.",
                failure);
    }

    private Snapshot fetch() throws SourceFailedException {
        Credentials credentials = Credentials.read(settings);
        try (Remote remote = new Remote(settings, credentials, http, deadline)) {
            try {
                return fetch(remote);
            } catch (IOException | RuntimeException e) {
                throw remote.refusedServer().orElseGet(() -> new Diagnosis(settings, credentials, http.lastAnswer())
                        .of(http.failure().map(Exception.class::cast).orElse(e)));
            }
        }
    }

    private Snapshot fetch(Remote remote) throws IOException, SourceFailedException {
        try (Repository local = clone.open()) {
            phase = "asking for the newest commit";
            ObjectId head = remote.head(local);
            if (previous.isPresent() && previous.get().commit().equals(head.name())) {
                return previous.get();
            }
            if (clone.isEmpty()) {
                return transfer(remote, local);
            }
            try {
                return head.equals(here(local)) ? read(local, head) : transfer(remote, local);
            } catch (IOException | RuntimeException e) {
                if (cancelled || deadline.passed()) {
                    throw e;
                }
                LOG.infof("git clone discarded reason=\"%s\"", Diagnosis.oneLine(String.valueOf(e.getMessage())));
            }
        }
        try (Repository local = clone.renew()) {
            return transfer(remote, local);
        }
    }

    private ObjectId here(Repository local) throws IOException {
        Ref ref = local.exactRef(settings.ref());
        return ref == null ? null : ref.getObjectId();
    }

    private Snapshot transfer(Remote remote, Repository local) throws IOException, SourceFailedException {
        phase = "receiving objects";
        return read(local, remote.fetch(local, new Cancelling()));
    }

    private Snapshot read(Repository local, ObjectId head) throws IOException, SourceFailedException {
        phase = "reading the files of commit " + head.name();
        try (RevWalk walk = new RevWalk(local)) {
            return new TreeReader(walk.getObjectReader(), walk.parseCommit(head), settings.path()).read();
        }
    }

    private final class Cancelling extends EmptyProgressMonitor {
        @Override
        public boolean isCancelled() {
            return cancelled || deadline.passed();
        }
    }
}
