package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.driver.RequeuePolicy;
import dev.ensembled.forge.ForgeReporter;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.GitSource;
import dev.ensembled.git.GitState;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.planner.EnsembleForecast;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.zookeeper.ZooKeeperSanityTest;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
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
 *   <li>Run the reconcile cycle for each accepted ensemble.
 *   <li>Follow Git, once the whole store has been read.
 * </ol>
 *
 * <p>Provides the data for the health checks, the status page and the terminal. Thread-safe.
 */
@ApplicationScoped
public class Daemon {
    private static final Logger LOG = Logger.getLogger(Daemon.class);

    private final Settings settings;
    private final PlatformRuntimeFactory runtimes;
    private final Clock clock = Clock.systemUTC();
    private final List<Driver.Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Parts parts;
    private volatile String invalid;

    /** The parts that exist while the daemon runs. */
    private record Parts(
            PlatformRuntime runtime,
            Driver driver,
            Optional<GitSource> git,
            Planner planner,
            Optional<ForgeReporter> forge) {}

    Daemon(Settings settings, PlatformRuntimeFactory runtimes) {
        this.settings = settings;
        this.runtimes = runtimes;
    }

    void start(@Observes @Priority(1) StartupEvent event) throws IOException {
        Optional<GitSettings> git;
        Optional<ForgeSettings> forge;
        try {
            git = GitConnection.of(settings.git());
            forge = git.flatMap(source -> GitConnection.forge(settings.git().forge(), source));
        } catch (IllegalArgumentException e) {
            invalid = "invalid configuration: " + e.getMessage();
            LOG.errorf("Invalid configuration, no ensemble is reconciled reason=\"%s\"", e.getMessage());
            return;
        }
        PlatformRuntime runtime = runtimes.open(settings, clock);
        Driver driver = driver(runtime);
        Planner planner = planner(git, runtime);
        Optional<GitSource> source = git.map(each -> source(each, runtime));
        Optional<ForgeReporter> reporter = forge.map(each -> new ForgeReporter(
                each,
                git.orElseThrow(),
                Installation.name(settings),
                planner,
                new ForgeReporter.View(source.orElseThrow()::state, driver::latestResults),
                clock));
        parts = new Parts(runtime, driver, source, planner, reporter);
        parts.runtime().watch(parts.driver()::changed);
        parts.driver().start(settings.workers());
        parts.git().ifPresent(each -> new SourceStart(parts.runtime(), each).begin());
        parts.forge().ifPresent(ForgeReporter::start);
        FetchSignal.listen(this::fetchNow);
    }

    private Driver driver(PlatformRuntime runtime) {
        ReconcileCycle cycle = new ReconcileCycle(
                runtime.store(), runtime.platform(), new ZooKeeperSanityTest(runtime::superPasswords), clock);
        RequeuePolicy requeue =
                new RequeuePolicy(RequeuePolicy.DEFAULT.rolling(), RequeuePolicy.DEFAULT.blocked(), settings.resync());
        return new Driver(cycle, runtime.store(), requeue, clock, new Relay());
    }

    private GitSource source(GitSettings git, PlatformRuntime runtime) {
        CommitReader reader = new CommitReader(specs());
        String installation = Installation.name(settings);
        return new GitSource(
                git, installation, runtime.acceptedCommits(installation), reader::read, runtime.store(), clock);
    }

    private SpecReader specs() {
        return new SpecReader(settings.defaultNamespace(), InstallationPolicy.of(settings));
    }

    private Planner planner(Optional<GitSettings> git, PlatformRuntime runtime) {
        EnsembleForecast forecasts = new EnsembleForecast(runtime.store(), runtime.platform(), runtime.dryRun(), clock);
        Origin origin = new Origin(git.map(GitSettings::origin).orElse(""), Installation.name(settings));
        String directory = git.map(GitSettings::path).orElse("");
        return new Planner(runtime.store(), specs(), forecasts, origin, directory);
    }

    /** Forwards the driver's results; makes the Git source restore what other clients changed in the store. */
    private final class Relay implements Driver.Listener {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {
            boolean edited = latest.result()
                    .flatMap(result -> result.decision().closedGate())
                    .filter(gate -> gate == Gate.EDITED_SPEC)
                    .isPresent();
            if (edited) {
                resync();
            }
            listeners.forEach(listener -> listener.seen(id, latest));
        }

        @Override
        public void gone(EnsembleId id) {
            resync();
            parts.runtime().gone(id);
            listeners.forEach(listener -> listener.gone(id));
        }

        private void resync() {
            parts.git().ifPresent(GitSource::resync);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        Parts running = parts;
        if (running != null) {
            running.forge().ifPresent(ForgeReporter::close);
            running.git().ifPresent(GitSource::close);
            running.planner().close();
            running.driver().close();
            running.runtime().close();
        }
    }

    /** Returns why the settings are invalid; empty if they are valid. */
    public Optional<String> misconfigured() {
        return Optional.ofNullable(invalid);
    }

    /** Whether the daemon is assembled and acts. */
    boolean runs() {
        return parts != null;
    }

    /** Registers a listener for the driver's results from now on. */
    public void listen(Driver.Listener listener) {
        listeners.add(listener);
    }

    /** Whether the daemon is assembled, or its configuration was found to be invalid. */
    public boolean started() {
        return parts != null || invalid != null;
    }

    /** Returns why this replica must not act; empty if it may. */
    public Optional<String> problem() {
        return parts == null
                ? Optional.of(invalid == null ? "the daemon is starting" : invalid)
                : parts.runtime().problem();
    }

    /** Returns what is wedged; empty if nothing is. */
    public Optional<String> wedged() {
        Parts running = parts;
        return running == null
                ? Optional.empty()
                : running.driver().wedged(settings.wedgedAfter()).or(() -> running.git()
                        .flatMap(this::wedged));
    }

    private Optional<String> wedged(GitSource git) {
        Instant limit = clock.instant().minus(settings.wedgedAfter());
        return git.lastHeartbeat().isBefore(limit)
                ? Optional.of("the Git source has sent no heartbeat since " + git.lastHeartbeat())
                : Optional.empty();
    }

    /** Requests a fetch soon; returns false if there is no Git source. */
    public boolean fetchNow() {
        return parts != null
                && parts.git()
                        .map(git -> {
                            git.fetchNow();
                            return true;
                        })
                        .orElse(false);
    }

    /** Requests that pull requests are planned soon; returns false if nothing is reported to a forge. */
    public boolean planPullRequests() {
        Optional<ForgeReporter> forge = parts == null ? Optional.empty() : parts.forge();
        forge.ifPresent(ForgeReporter::pullRequestsChanged);
        return forge.isPresent();
    }

    /** Why requests to the forge fail; empty if they do not. */
    public Optional<ForgeReporter.Failure> forgeFailure() {
        return parts == null ? Optional.empty() : parts.forge().flatMap(ForgeReporter::failure);
    }

    /** Whether a push to this ref may change which commit is followed. */
    public boolean follows(String ref) {
        return parts != null && parts.git().filter(git -> git.movesWith(ref)).isPresent();
    }

    /** Returns the latest result of each ensemble, ordered by name. */
    public SortedMap<EnsembleId, ReconcileResult> latestResults() {
        return parts == null ? Collections.emptySortedMap() : parts.driver().latestResults();
    }

    /** Returns the state of the Git source; empty if there is none. */
    public Optional<GitState> git() {
        return parts == null ? Optional.empty() : parts.git().map(GitSource::state);
    }

    /** Returns the planner; empty until the daemon is assembled. */
    public Optional<Planner> planner() {
        return Optional.ofNullable(parts).map(Parts::planner);
    }

    /** Returns what decides about the clients of the API; empty until the daemon is assembled. */
    public Optional<Authorizer> authorizer() {
        return Optional.ofNullable(parts).map(running -> running.runtime().authorizer());
    }

    /** Returns the process ids of an ensemble by member, if the platform runs them as local processes. */
    public Map<Integer, Long> pids(EnsembleId id) {
        return parts.runtime().pids(id);
    }

    PlatformRuntime runtime() {
        return parts.runtime();
    }
}
