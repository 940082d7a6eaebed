package dev.ensembled.git;

import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Follows the reference in its own thread:
 *
 * <ol>
 *   <li>fetch, every interval and on a hint;
 *   <li>parse the files of a new commit, and put it on record as accepted, if its history allows that;
 *   <li>decide what it changes, and update the store; also after another client changed the store, see {@link #resync()}.
 * </ol>
 *
 * <p>Every failure is reported in {@link #state()} and tried again; the specs that were accepted before stay as they are.
 * All public methods may be called by any thread.
 */
public final class GitSource implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GitSource.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * For the files of one commit; well below the time after which the thread counts as stuck. The next attempt continues
     * where this attempt ended.
     */
    private static final Duration PARSE_TIMEOUT = Duration.ofSeconds(60);

    private final GitSettings settings;
    private final GitRepository repository;
    private final Parser parser;
    private final EnsembleStore store;
    private final SourceScope scope;
    private final Clock clock;
    private final FetchScheduler scheduler;
    private final Thread thread;
    private volatile GitState state;
    private volatile Fetches fetches = new Fetches(0, 0, Duration.ZERO);
    private volatile Instant lastHeartbeat;
    private Optional<CommitContent> reading = Optional.empty();

    /**
     * The fetches since the process started.
     *
     * @param took what all of them together took, without the update of the store
     */
    public record Fetches(long successful, long failed, Duration took) {
        private Fetches and(boolean success, Duration another) {
            return new Fetches(successful + (success ? 1 : 0), failed + (success ? 0 : 1), took.plus(another));
        }
    }

    /** Parses the files of one commit one by one; ends early when {@code shouldContinue} returns false. */
    public interface Parser {
        CommitReader.Result read(List<SourceFile> files, BooleanSupplier shouldContinue);
    }

    /** Creates the only source of an installation. */
    public GitSource(
            GitSettings settings,
            String installation,
            AcceptedCommits accepted,
            Parser parser,
            EnsembleStore store,
            Clock clock) {
        this(settings, SourceScope.alone(new Origin(settings.origin(), installation)), accepted, parser, store, clock);
    }

    /**
     * Creates a source that does nothing until it is started.
     *
     * @param scope its identity, and what it shares with the other sources of the daemon
     * @param accepted the record of the last accepted commit
     * @param parser parses the files of one commit; called by the source's thread
     */
    public GitSource(
            GitSettings settings,
            SourceScope scope,
            AcceptedCommits accepted,
            Parser parser,
            EnsembleStore store,
            Clock clock) {
        this.settings = settings;
        this.repository = new GitRepository(settings, accepted);
        this.parser = parser;
        this.store = store;
        this.scope = scope;
        this.clock = clock;
        this.scheduler = new FetchScheduler(clock, settings.interval(), new Random());
        this.state = GitState.of(settings);
        this.lastHeartbeat = clock.instant();
        this.thread = new Thread(this::follow, "git-source-" + name());
        this.thread.setDaemon(true);
        scope.definitions().listen(name(), this::resync);
    }

    /** Starts to follow the reference; must be called once. */
    public void start() {
        heartbeat();
        thread.start();
    }

    /** Whether the source was started; before, it sends no heartbeats. */
    public boolean hasStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    /** The name of the source in its installation. */
    public String name() {
        return scope.origin().name();
    }

    /** A hint that there may be a new commit: fetches soon, and at most once per second, however many hints arrive. */
    public void fetchNow() {
        scheduler.hintFetch();
    }

    /** A hint that another client changed the store: compares it with the last good commit, without a fetch. */
    public void resync() {
        scheduler.hintAccept();
    }

    /** Whether a push to this ref may change which commit is followed. */
    public boolean movesWith(String ref) {
        return settings.reference().movesWith(ref);
    }

    public GitState state() {
        return state;
    }

    public Fetches fetches() {
        return fetches;
    }

    /**
     * When the thread last showed that it is not stuck. It does so about every second, also while it waits for a fetch, but
     * not while it waits for the store.
     */
    public Instant lastHeartbeat() {
        return lastHeartbeat;
    }

    /** Ends the thread; waits for at most five seconds. A fetch in progress is abandoned. */
    @Override
    public void close() {
        scheduler.end();
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heartbeat() {
        lastHeartbeat = clock.instant();
    }

    private void follow() {
        try {
            for (FetchScheduler.Task task = next(); task != FetchScheduler.Task.END; task = next()) {
                if (task == FetchScheduler.Task.FETCH) {
                    fetch();
                } else {
                    accept();
                }
            }
        } catch (InterruptedException e) {
            LogEntry.of("git source ended").with(LogKey.URL, settings.url()).debug(LOG);
        }
    }

    private FetchScheduler.Task next() throws InterruptedException {
        return scheduler.await(this::heartbeat);
    }

    private void fetch() throws InterruptedException {
        long began = System.nanoTime();
        scheduler.fetchStarted();
        state = state.attempted(clock.instant());
        boolean successful = false;
        try {
            process(repository.fetch(this::heartbeat));
            successful = true;
        } catch (SourceFailedException e) {
            failed(e.getMessage(), e.toDo(), e);
        } catch (RuntimeException | Error e) {
            failed(
                    DisplayText.oneLine("Fetch failed with an unexpected error: " + e),
                    "This is a bug in ensembled; please report it.",
                    e);
        } finally {
            fetches = fetches.and(successful, Duration.ofNanos(System.nanoTime() - began));
            scheduler.fetchEnded(successful);
        }
    }

    private ParsedCommit parse(CommitFiles snapshot) throws SourceFailedException {
        Deadline deadline = Deadline.in(PARSE_TIMEOUT);
        CommitReader.Result result = parser.read(snapshot.files(), () -> {
            heartbeat();
            return !deadline.passed() && !Thread.currentThread().isInterrupted();
        });
        String files = "the " + snapshot.files().size() + " files of commit " + snapshot.commit();
        if (result instanceof CommitReader.Complete complete) {
            return complete.parsed();
        }
        if (result instanceof CommitReader.TooLarge tooLarge) {
            throw new SourceFailedException(
                    "Commit " + snapshot.commit() + " exceeds a limit: it has " + tooLarge.what(),
                    "Split the ensembles across several installations of ensembled, each with its own path or branch.");
        }
        throw new SourceFailedException(
                "Parsing " + files + " timed out after " + PARSE_TIMEOUT.toSeconds() + " s",
                "The next attempt continues where this one stopped. If the timeout persists, set the path to a"
                        + " directory that contains only specs, or give the process more CPU.");
    }

    private void process(CommitFiles snapshot) throws SourceFailedException {
        boolean isNew = reading.filter(last -> last.commit().id().equals(snapshot.commit()))
                .isEmpty();
        if (isNew) {
            ParsedCommit parsed = parse(snapshot);
            repository.accept();
            repository.releaseText();
            reading = Optional.of(CommitContent.of(snapshot, parsed));
            LogEntry.of("git commit read")
                    .with(LogKey.COMMIT, snapshot.commit())
                    .with(LogKey.FILES, snapshot.files().size())
                    .with(LogKey.VIOLATIONS, reading.get().parsed().violations().size())
                    .with(LogKey.SIGNER, reading.get().commit().signer().orElse("not required"))
                    .info(LOG);
        }
        state = state.succeeded(reading.orElseThrow(), clock.instant());
        if (isNew) {
            scheduler.hintAccept();
        }
    }

    /** Repeated failures with the same message are logged as a warning once. */
    private void failed(String what, String toDo, Throwable cause) {
        boolean known =
                state.fetchFailure().filter(one -> one.what().equals(what)).isPresent();
        LogEntry.of("git fetch failed")
                .with(LogKey.URL, settings.url())
                .with(LogKey.WHAT, what)
                .with(LogKey.TODO, toDo)
                .log(
                        LOG,
                        known ? Logger.Level.DEBUG : Logger.Level.WARN,
                        cause instanceof SourceFailedException ? null : cause);
        state = state.failed(what, toDo, clock.instant());
    }

    private void accept() {
        scheduler.acceptStarted();
        boolean successful = reading.isEmpty();
        try {
            successful =
                    successful || scope.definitions().exclusively(this::heartbeat, () -> accept(reading.orElseThrow()));
        } catch (RuntimeException | Error e) {
            LogEntry.of("comparing the git commit with the store failed")
                    .with(LogKey.URL, settings.url())
                    .log(LOG, Logger.Level.WARN, e);
            state = state.stored(
                    state.ensembles(),
                    state.violations(),
                    storeFailure("Comparing the commit with the store failed: " + e));
        } finally {
            scheduler.acceptEnded(successful);
        }
    }

    private boolean accept(CommitContent commit) {
        scope.definitions().publish(scope.origin(), commit.parsed());
        List<Accepted> accepted = store.list();
        List<StoredEnsemble> stored = accepted.stream()
                .map(one -> new StoredEnsemble(
                        one.id(),
                        one.spec(),
                        one.source(),
                        one.edited(),
                        one.requests().confirmedRemoval()))
                .toList();
        LeftoverSearch search =
                new LeftoverSearch(settings, repository, commit.commit().id(), this::heartbeat);
        AcceptanceResult decided = Acceptance.decide(commit.toAccept(scope), commit.parsed(), stored, search);
        StoreUpdate update = new StoreUpdate(store, scope.origin(), accepted);
        update.apply(decided.changes());
        CommitContent compared = commit.with(decided.violations());
        reading = Optional.of(compared);
        if (search.commitMissing()) {
            repository.verifyCloneNext();
            scheduler.hintFetch();
        }
        Optional<String> failed = update.failed();
        state = state.stored(update.ensembles(), compared.violations(), failed.flatMap(this::storeFailure));
        return failed.isEmpty() && !decided.contested() && !search.commitMissing();
    }

    private Optional<GitState.Failure> storeFailure(String what) {
        return Optional.of(new GitState.Failure(
                DisplayText.oneLine(what),
                "The update is retried automatically. If the failure persists, check the store (on Kubernetes, the API server).",
                clock.instant()));
    }
}
