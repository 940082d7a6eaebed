package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.driver.RequeuePolicy;
import dev.ensembled.forge.ForgeReporter;
import dev.ensembled.git.GitSource;
import dev.ensembled.git.GitState;
import dev.ensembled.git.transport.HttpClients;
import dev.ensembled.leadership.Hint;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.notification.Receiver;
import dev.ensembled.planner.AnnouncingStore;
import dev.ensembled.planner.EnsembleForecast;
import dev.ensembled.planner.PlannedEvents;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.zookeeper.ZooKeeperSanityTest;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * Assembles the daemon when the process starts, and stops its parts when the process ends.
 *
 * <ol>
 *   <li>Open the runtime: the platform and its store.
 *   <li>Observe each accepted ensemble.
 *   <li>Once this replica leads and the whole store has been read ({@link Takeover}): run the reconcile cycle for each
 *       ensemble, follow Git, and report to the forges.
 * </ol>
 *
 * <p>Provides the data for the health checks, the status page and the terminal. Thread-safe.
 */
@ApplicationScoped
public class Daemon {
    private static final Logger LOG = Logger.getLogger(Daemon.class);

    /** EX_TEMPFAIL of sysexits: the kubelet starts the container again. */
    private static final int LEADERSHIP_LOST = 75;

    private final Settings settings;
    private final PlatformRuntimeFactory runtimes;
    private final Clock clock = Clock.systemUTC();
    private final List<Driver.Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Driver.Listener> views = new CopyOnWriteArrayList<>();
    private volatile List<SourceSettings> configured = List.of();
    private volatile List<Receiver> receivers = List.of();
    private volatile Parts parts;
    private volatile String invalid;

    /** The parts that exist while the daemon runs. */
    private record Parts(
            PlatformRuntime runtime,
            Driver driver,
            Sources sources,
            Planner planner,
            PlannedEvents planned,
            ForgeReporters forges,
            Hints hints) {}

    Daemon(Settings settings, PlatformRuntimeFactory runtimes) {
        this.settings = settings;
        this.runtimes = runtimes;
    }

    void start(@Observes @Priority(1) StartupEvent event) throws IOException {
        HttpClients.allowProxyCredentials();
        try {
            configured = SourceList.of(settings);
            receivers = ReceiversFile.of(settings);
        } catch (IllegalArgumentException e) {
            invalid = "invalid configuration: " + e.getMessage();
            LogEntry.of("invalid configuration, no ensemble is reconciled")
                    .with(LogKey.REASON, e.getMessage())
                    .error(LOG);
            return;
        }
        PlatformRuntime runtime = runtimes.open(settings, clock);
        Driver driver = driver(runtime);
        PlannedEvents planned = new PlannedEvents(runtime.store(), clock);
        Sources sources =
                new Sources(configured, settings, runtime, new AnnouncingStore(runtime.store(), planned), clock);
        Planner planner = planner(sources, runtime);
        ForgeReporters forges = new ForgeReporters(sources, planner, driver::latestResults, clock);
        Hints hints = new Hints(sources, forges, runtime.leadership());
        parts = new Parts(runtime, driver, sources, planner, planned, forges, hints);
        runtime.watch(driver::changed);
        driver.start(settings.workers());
        runtime.leadership().start(new Term());
        FetchSignal.listen(this::fetchNow);
    }

    /** What this replica does when its part in the election changes. */
    private final class Term implements Leadership.Listener {
        @Override
        public void leads() {
            Parts ours = parts;
            new Takeover(ours.runtime(), ours.driver(), ours.sources(), ours.forges()).begin();
        }

        /** A process leads once: what it knows may be outdated, so another process begins from what is observed. */
        @Override
        public void lost() {
            Quarkus.asyncExit(LEADERSHIP_LOST);
        }

        @Override
        public void hinted(Hint hint) {
            parts.hints().receive(hint);
        }
    }

    private Driver driver(PlatformRuntime runtime) {
        SanityTest sanity =
                new FencedSanityTest(new ZooKeeperSanityTest(runtime::superPasswords), runtime.leadership());
        ReconcileCycle cycle = new ReconcileCycle(runtime.store(), runtime.platform(), sanity, clock);
        RequeuePolicy requeue =
                new RequeuePolicy(RequeuePolicy.DEFAULT.rolling(), RequeuePolicy.DEFAULT.blocked(), settings.resync());
        return new Driver(cycle, runtime.store(), requeue, clock, new Relay());
    }

    private Planner planner(Sources sources, PlatformRuntime runtime) {
        EnsembleForecast forecasts = new EnsembleForecast(runtime.store(), runtime.platform(), runtime.dryRun(), clock);
        return new Planner(runtime.store(), forecasts, sources.planned());
    }

    /** Forwards the driver's results; makes the sources restore what other clients changed in the store. */
    private final class Relay implements Driver.Listener {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {
            boolean edited = latest.result()
                    .flatMap(result -> result.decision().closedGate())
                    .filter(gate -> gate == Gate.EDITED_SPEC)
                    .isPresent();
            if (edited || new ConfirmedRemoval(parts.runtime().store()).isWaiting(id, latest)) {
                parts.sources().resync();
            }
            latest.result().filter(result -> latest.failure().isEmpty()).ifPresent(result -> parts.planned()
                    .seen(id, result));
            listeners.forEach(listener -> listener.seen(id, latest));
            seenWhileFollowing(id, latest);
        }

        @Override
        public void gone(EnsembleId id) {
            parts.sources().resync();
            parts.planned().forget(id);
            parts.runtime().gone(id);
            listeners.forEach(listener -> listener.gone(id));
            goneWhileFollowing(id);
        }

        @Override
        public void seenWhileFollowing(EnsembleId id, ReconcileResult latest) {
            views.forEach(view -> view.seen(id, latest));
        }

        @Override
        public void goneWhileFollowing(EnsembleId id) {
            views.forEach(view -> view.gone(id));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        Parts running = parts;
        if (running != null) {
            running.forges().close();
            running.sources().close();
            running.planner().close();
            running.driver().close();
            running.planned().close();
            running.runtime().leadership().close(running.driver().atRest());
            running.runtime().close();
        }
    }

    /** Returns why the settings are invalid; empty if they are valid. */
    public Optional<String> misconfigured() {
        return Optional.ofNullable(invalid);
    }

    /** Whether the daemon is assembled and acts. */
    public boolean runs() {
        return parts != null;
    }

    /** Registers a listener for the results of the cycles from now on in which this replica leads. */
    public void listen(Driver.Listener listener) {
        listeners.add(listener);
    }

    /** Registers a view of all results from now on, also of those while this replica follows. */
    public void show(Driver.Listener view) {
        views.add(view);
    }

    /** Whether the daemon is assembled, or its configuration was found to be invalid. */
    public boolean started() {
        return parts != null || invalid != null;
    }

    /** Returns why this replica can neither lead nor follow; empty if it can. */
    public Optional<String> problem() {
        return parts == null
                ? Optional.of(invalid == null ? "the daemon is starting" : invalid)
                : parts.runtime()
                        .problem()
                        .or(() -> parts.runtime().leadership().problem());
    }

    /** Whether this replica leads: it acts, and reads the Git sources. */
    public boolean leads() {
        return parts != null && parts.runtime().leadership().isLeading();
    }

    /** The replica that leads, as far as it is known and there are several. */
    public Optional<String> leader() {
        return Optional.ofNullable(parts)
                .flatMap(running -> running.runtime().leadership().leader());
    }

    /** Returns what is wedged; empty if nothing is. */
    public Optional<String> wedged() {
        Parts running = parts;
        return running == null
                ? Optional.empty()
                : running.driver().wedged(settings.wedgedAfter()).or(() -> running.sources()
                        .wedged(clock.instant().minus(settings.wedgedAfter())));
    }

    /** Requests that all sources fetch soon; returns false if there is none. */
    public boolean fetchNow() {
        return parts != null && parts.hints().fetch();
    }

    /** Requests that one source fetches soon; returns false if there is no source of this name. */
    public boolean fetchNow(String source) {
        return parts != null && parts.hints().fetch(source);
    }

    /** Requests that pull requests of a source are planned soon; returns false if nothing is reported to its forge. */
    public boolean planPullRequests(String source) {
        return parts != null && parts.hints().pullRequests(source);
    }

    /** Why requests to the forges of sources fail, by the names of the sources; empty if they do not. */
    public Map<String, ForgeReporter.Failure> forgeFailures() {
        return parts == null ? Map.of() : parts.forges().failures();
    }

    /** Whether a push to this ref may change which commit the source follows. */
    public boolean follows(String source, String ref) {
        return parts != null && parts.sources().follows(source, ref);
    }

    /** Returns the latest result of each ensemble, ordered by name. */
    public SortedMap<EnsembleId, ReconcileResult> latestResults() {
        return parts == null ? Collections.emptySortedMap() : parts.driver().latestResults();
    }

    /** Returns the directory with the credentials of a source; empty if there is no such source. */
    public Optional<Path> credentials(String source) {
        return configured.stream()
                .filter(one -> one.name().equals(source))
                .map(SourceSettings::credentials)
                .findFirst();
    }

    /** Returns the state of each Git source by its name, in the order of the configuration. */
    public Map<String, GitState> sources() {
        return parts == null ? Map.of() : parts.sources().states();
    }

    /** Returns what each Git source has fetched since the process started, by its name. */
    public Map<String, GitSource.Fetches> fetches() {
        return parts == null ? Map.of() : parts.sources().fetches();
    }

    /** Returns how many writes wait for the forge of each source that has one, by its name. */
    public Map<String, Integer> forgeQueues() {
        return parts == null ? Map.of() : parts.forges().waiting();
    }

    /** Returns how many ensembles are due and wait for a worker. */
    public int waiting() {
        return parts == null ? 0 : parts.driver().waiting();
    }

    /** Returns how long the first of them has been waiting for a worker; zero if none waits. */
    public Duration longestWait() {
        return parts == null ? Duration.ZERO : parts.driver().longestWait();
    }

    /** Returns the planner; empty until the daemon is assembled. */
    public Optional<Planner> planner() {
        return Optional.ofNullable(parts).map(Parts::planner);
    }

    /** Returns what decides about the clients of the API; empty until the daemon is assembled. */
    public Optional<Authorizer> authorizer() {
        return Optional.ofNullable(parts).map(running -> running.runtime().authorizer());
    }

    /** Returns the options by which commands find the ensembles of this daemon, after the name of an ensemble; may be empty. */
    public String commandOptions() {
        return settings.platform() == Settings.Kind.LOCAL
                ? " --local --dir " + settings.local().dir()
                : "";
    }

    /** Returns the process ids of an ensemble by member, if the platform runs them as local processes. */
    public Map<Integer, Long> pids(EnsembleId id) {
        return parts.runtime().pids(id);
    }

    /** Returns the receivers of notifications; empty if there are none, or the settings are invalid. */
    List<Receiver> receivers() {
        return receivers;
    }

    PlatformRuntime runtime() {
        return parts.runtime();
    }
}
