package dev.ensembled.git;

import dev.ensembled.git.failure.Diagnosis;
import dev.ensembled.git.failure.HttpResponseInfo;
import dev.ensembled.git.failure.LimitExceededException;
import dev.ensembled.git.failure.OversizedCommit;
import dev.ensembled.git.failure.UnservedCommit;
import dev.ensembled.git.failure.UnsupportedFormat;
import dev.ensembled.git.history.History;
import dev.ensembled.git.pack.LocalClone;
import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.Credentials;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.ObtainedCredentials;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.SignatureGate;
import dev.ensembled.git.signature.Verdict.Verified;
import dev.ensembled.git.transport.HttpAccess;
import dev.ensembled.git.transport.HttpConnections;
import dev.ensembled.git.transport.Remote;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.git.tree.FileRepositoryReader;
import dev.ensembled.git.tree.TreeReader;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jboss.logging.Logger;

/**
 * One fetch, run by its own thread, which is abandoned at the deadline:
 *
 * <ol>
 *   <li>read the credentials;
 *   <li>ask the server for the newest commit of the reference; if that commit was read last, end here;
 *   <li>transfer the commit, unless the local clone has it;
 *   <li>verify its signature, if one is required;
 *   <li>require that it may come after the last accepted commit;
 *   <li>read its files. If the clone turns out to be damaged in any of these steps, delete it and transfer once more.
 * </ol>
 */
final class FetchAttempt implements Runnable {
    private static final Logger LOG = Logger.getLogger(FetchAttempt.class);
    private static final int UNAUTHORIZED = 401;

    private final GitSettings settings;
    private final HttpConnections http;
    private final Deadline deadline;
    private final History history;
    private final Optional<CommitFiles> previous;
    private final Optional<OversizedCommit> refused;
    private final LocalClone clone;
    private volatile boolean cancelled;
    private volatile String head;
    private volatile String phase = "reading the credentials";
    private volatile CommitFiles snapshot;
    private volatile SourceFailedException failure;
    private volatile Throwable unexpected;

    /**
     * Creates an attempt that has not started.
     *
     * @param history decides whether a commit may be accepted
     * @param previous the result of the last fetch
     * @param refused the commit that exceeded a limit, if it was tried recently
     */
    FetchAttempt(
            GitSettings settings,
            HttpAccess access,
            Deadline deadline,
            History history,
            Optional<CommitFiles> previous,
            Optional<OversizedCommit> refused) {
        this.settings = settings;
        this.http = new HttpConnections(access, deadline, settings.url());
        this.deadline = deadline;
        this.history = history;
        this.previous = previous;
        this.refused = refused;
        this.clone = LocalClone.of(settings);
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

    /** The result; only valid after the thread has ended. */
    CommitFiles result() throws SourceFailedException {
        if (unexpected != null) {
            throw new IllegalStateException("fetch from " + settings.url() + " failed unexpectedly", unexpected);
        }
        if (failure != null) {
            throw deadline.passed() ? timedOut() : failure;
        }
        return snapshot;
    }

    /** The commit that exceeded a limit; it must not be transferred again with every fetch. */
    Optional<OversizedCommit> refused() {
        if (refused.isPresent() && refused.get().failure() == failure) {
            return refused;
        }
        boolean tooMuch = failure != null && failure.getCause() != null && !mayBeDamaged(failure);
        return tooMuch && head != null ? Optional.of(OversizedCommit.now(head, failure)) : Optional.empty();
    }

    /** Cancels the attempt; the thread must be interrupted as well. */
    void cancel() {
        cancelled = true;
        try {
            http.end();
        } catch (IOException e) {
            LogEntry.of("git connection not closed cleanly")
                    .with(LogKey.REASON, e.getMessage())
                    .debug(LOG);
        }
    }

    SourceFailedException timedOut() {
        return new SourceFailedException(
                "Fetch from " + settings.url() + " timed out after "
                        + deadline.allowed().toSeconds() + " s while " + phase,
                "Check that the Git server responds; for a large repository, increase the fetch timeout"
                        + " (ENSEMBLED_GIT_TIMEOUT, or timeout in the file of ENSEMBLED_SOURCES).",
                failure);
    }

    private CommitFiles fetch() throws SourceFailedException {
        Credentials credentials = Credentials.read(settings);
        if (settings.url().isFile()) {
            return fromDisk(credentials);
        }
        try (Remote remote = new Remote(settings, credentials, http, deadline)) {
            try {
                return fetch(remote);
            } catch (IOException | RuntimeException e) {
                throw failed(
                        remote,
                        credentials,
                        http.failure().map(Exception.class::cast).orElse(e));
            }
        }
    }

    private SourceFailedException failed(Remote remote, Credentials credentials, Exception cause) {
        if (http.lastAnswer().status() == UNAUTHORIZED) {
            settings.files().obtained().ifPresent(ObtainedCredentials::refused);
        }
        Optional<SourceFailedException> format = http.objectFormat()
                .filter(name -> !name.equals("sha1"))
                .map(name -> UnsupportedFormat.of(settings, UnsupportedFormat.objects(name)));
        return format.or(remote::refusedServer)
                .or(() -> UnservedCommit.of(settings, cause, http.commitsById()))
                .orElseGet(() -> new Diagnosis(settings, credentials, http.lastAnswer()).of(cause));
    }

    private CommitFiles fromDisk(Credentials credentials) throws SourceFailedException {
        try {
            return new FileRepositoryReader(settings).read(previous, history, new Phases());
        } catch (IOException | RuntimeException e) {
            throw new Diagnosis(settings, credentials, HttpResponseInfo.NONE).of(e);
        }
    }

    private CommitFiles fetch(Remote remote) throws IOException, SourceFailedException {
        try (Repository local = clone.open()) {
            phase = "listing the refs";
            Tip tip = remote.tip(local);
            head = tip.commit().name();
            if (previous.isPresent() && previous.get().commit().equals(head)) {
                return previous.get();
            }
            if (refused.isPresent() && refused.get().isStill(head)) {
                throw refused.get().failure();
            }
            if (clone.isEmpty()) {
                return transfer(remote, local, true);
            }
            try {
                return isHere(local, tip) ? read(remote, local, tip, false) : transfer(remote, local, false);
            } catch (IOException | RuntimeException e) {
                if (cancelled || deadline.passed() || !mayBeDamaged(e)) {
                    throw e;
                }
                LogEntry.of("git clone discarded")
                        .with(LogKey.REASON, DisplayText.oneLine(String.valueOf(e.getMessage())))
                        .info(LOG);
            }
        }
        try (Repository local = clone.renew()) {
            return transfer(remote, local, true);
        }
    }

    /** A response, a commit or an object that exceeds a limit would exceed it with a new clone too. */
    private static boolean mayBeDamaged(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LimitExceededException || cause instanceof LargeObjectException) {
                return false;
            }
        }
        return true;
    }

    /** Whether the clone has the commit, and the object of its tag, which may have been replaced since. */
    private boolean isHere(Repository local, Tip tip) throws IOException {
        Ref ref = local.exactRef(settings.reference().cloneRef());
        return ref != null
                && tip.commit().equals(ref.getObjectId())
                && local.getObjectDatabase().has(tip.object());
    }

    private CommitFiles transfer(Remote remote, Repository local, boolean fresh)
            throws IOException, SourceFailedException {
        phase = "receiving objects";
        return read(remote, local, remote.fetch(local, new Cancelling(), fresh), fresh);
    }

    /**
     * Reads the files of a commit that was transferred, if it may be accepted.
     *
     * @param fresh whether the whole content of the clone was transferred with this commit: then the server left out a
     *     missing file because of its size; otherwise the clone may be damaged
     */
    private CommitFiles read(Remote remote, Repository local, Tip tip, boolean fresh)
            throws IOException, SourceFailedException {
        phase = "verifying the signature of commit " + tip.commit().name();
        Optional<Verified> signer = signer(local, tip);
        phase = "requesting the history of commit " + tip.commit().name();
        List<String> notes =
                history.require(tip, (commit, ancestor) -> remote.descent(local, new Cancelling(), commit, ancestor));
        phase = "reading the files of commit " + tip.commit().name();
        boolean leftOut = fresh && LocalClone.extent(local).leavesOut();
        try (RevWalk walk = new RevWalk(local)) {
            RevCommit commit = walk.parseCommit(tip.commit());
            return new TreeReader(walk.getObjectReader(), commit, settings.path(), leftOut)
                    .read(signer)
                    .with(notes);
        }
    }

    private Optional<Verified> signer(Repository local, Tip tip) throws IOException, SourceFailedException {
        try (ObjectReader reader = local.newObjectReader()) {
            return new SignatureGate(settings, reader).admit(tip);
        }
    }

    private final class Phases implements FileRepositoryReader.Progress {
        @Override
        public void begins(String next) {
            phase = next;
        }

        @Override
        public boolean isCancelled() {
            return cancelled || deadline.passed();
        }
    }

    private final class Cancelling extends EmptyProgressMonitor {
        @Override
        public boolean isCancelled() {
            return cancelled || deadline.passed();
        }
    }
}
