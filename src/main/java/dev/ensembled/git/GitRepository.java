package dev.ensembled.git;

import dev.ensembled.git.failure.OversizedCommit;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.history.History;
import dev.ensembled.git.pack.LocalClone;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpClients;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.git.tree.FileRepositoryReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;

/**
 * Reads one reference of one repository.
 *
 * <p>Each fetch runs in its own daemon thread and is abandoned at its deadline, whatever the server does: the thread is
 * interrupted, which ends waiting for the network in all transports. If the thread hangs nevertheless, for example in a file
 * system that is gone, there is no further attempt until it ends, and callers get an exception that says so.
 *
 * <p>Only one thread at a time may fetch.
 */
public final class GitRepository {
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(2);
    private static final long HEARTBEAT_MILLIS = 1_000;

    /** Directories are read into memory; no object that is read is larger. */
    private static final int LARGEST_IN_MEMORY = 16 * 1024 * 1024;

    static {
        IsolatedSystemReader.install();
        WindowCacheConfig cache = new WindowCacheConfig();
        cache.setStreamFileThreshold(LARGEST_IN_MEMORY);
        cache.install();
        FS.FileStoreAttributes.setBackground(true);
    }

    private final GitSettings settings;
    private final HttpClients clients;
    private final History history;
    private Thread stuck;
    private CommitFiles previous;
    private Optional<OversizedCommit> refused = Optional.empty();

    /** A repository of which any commit may be read, whatever was read before. */
    public GitRepository(GitSettings settings) {
        this(settings, AcceptedCommits.none());
    }

    /**
     * A repository whose history does not go backwards, unless the settings allow it.
     *
     * @param accepted the record of the last accepted commit
     */
    public GitRepository(GitSettings settings, AcceptedCommits accepted) {
        this(settings, accepted, HttpClients.of(settings));
    }

    /** A repository that shares its HTTP client with others of the same server. */
    GitRepository(GitSettings settings, AcceptedCommits accepted, HttpClients clients) {
        this.settings = settings;
        this.history = new History(settings, accepted);
        this.clients = clients;
    }

    /**
     * Fetches the newest commit of the reference. If it is the same as in the last fetch, the same snapshot is returned, after
     * one request to the server.
     *
     * @param heartbeat called about every second while waiting
     * @throws SourceFailedException if the commit could not be read within the configured timeout, plus two seconds at most
     * @throws InterruptedException if the calling thread was interrupted; the fetch is abandoned
     */
    public CommitFiles fetch(Runnable heartbeat) throws SourceFailedException, InterruptedException {
        refuseIfStuck();
        Deadline deadline = Deadline.in(settings.timeout());
        FetchAttempt attempt = new FetchAttempt(
                settings, clients.current(), deadline, history, Optional.ofNullable(previous), refused);
        Thread thread = new Thread(attempt, "git-fetch");
        thread.setDaemon(true);
        thread.start();
        try {
            await(thread, deadline, heartbeat);
        } catch (InterruptedException e) {
            abandon(attempt, thread);
            throw e;
        }
        if (thread.isAlive()) {
            abandon(attempt, thread);
            thread.join(CANCEL_TIMEOUT.toMillis());
        }
        if (thread.isAlive()) {
            throw attempt.timedOut();
        }
        stuck = null;
        refused = attempt.refused();
        previous = attempt.result();
        return previous;
    }

    /**
     * Puts the commit of the last snapshot on record; must be called before anything is changed by it.
     *
     * @throws SourceFailedException if it is not certain that it is on record; then it must not be accepted
     */
    public void accept() throws SourceFailedException {
        try {
            history.accept();
        } catch (SourceFailedException e) {
            // The record may be that of another daemon: the next fetch compares the commit with it.
            previous = null;
            throw e;
        }
    }

    /** Must be called when the text of the last snapshot has been parsed; frees its memory. */
    public void releaseText() {
        if (previous != null) {
            previous = previous.withoutText();
        }
    }

    /** Makes the next fetch verify that the clone is complete, even if there is no new commit. */
    public void verifyCloneNext() {
        previous = null;
    }

    /** Opens the repository from which the last fetch read the commit: the local clone, or that of a {@code file:} URL. */
    Repository open() throws IOException, SourceFailedException {
        return settings.url().isFile()
                ? new FileRepositoryReader(settings).open()
                : LocalClone.of(settings).existing();
    }

    private void refuseIfStuck() throws SourceFailedException {
        if (stuck != null && stuck.isAlive()) {
            throw new SourceFailedException(
                    "A cancelled fetch from " + settings.url() + " has not ended yet",
                    "Check the disk of " + settings.cacheDirectory()
                            + " and, for a file: URL, the disk of the repository.");
        }
    }

    private static void await(Thread thread, Deadline deadline, Runnable heartbeat) throws InterruptedException {
        while (thread.isAlive() && !deadline.passed()) {
            heartbeat.run();
            thread.join(
                    Math.max(1, Math.min(HEARTBEAT_MILLIS, deadline.remaining().toMillis())));
        }
        heartbeat.run();
    }

    private void abandon(FetchAttempt attempt, Thread thread) {
        attempt.cancel();
        thread.interrupt();
        stuck = thread;
    }
}
