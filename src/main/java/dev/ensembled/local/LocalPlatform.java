package dev.ensembled.local;

import dev.ensembled.local.file.DirectoryLock;
import dev.ensembled.local.process.Directories;
import dev.ensembled.local.process.LocalServices;
import dev.ensembled.local.process.Ports;
import dev.ensembled.local.process.ServerClassPath;
import dev.ensembled.local.process.ServerCommand;
import dev.ensembled.local.process.ServerConfiguration;
import dev.ensembled.local.process.SlotState;
import dev.ensembled.local.process.Supervisor;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Ensembles as real server processes on loopback, in one state directory: their configuration, data and logs are in
 * {@code DIR/servers/NAMESPACE/NAME/ID}, their ports in {@code DIR/ports.json}. Server processes continue to run when the
 * daemon ends, and the next daemon takes them over. Image, pod template, storage and placement have no effect: the data of a
 * server that leaves the ensemble stays, even if the spec asks for its deletion.
 *
 * <p>Opening a directory takes its lock, adopts the servers that run, and starts the servers that should run but do not.
 */
public final class LocalPlatform implements Platform, DryRun, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LocalPlatform.class);

    /** Differs from every digest, so that a configuration without a password is outdated. */
    private static final String NO_DIGEST = "to be generated";

    private final DirectoryLock lock;
    private final Directories directories;
    private final AppliedConfigurations applied;
    private final PortAllocation ports;
    private final Supervisor supervisor;
    private final LocalSteps steps;
    private final LocalObserver observer;

    /**
     * Opens the platform in a directory.
     *
     * @param dir the state directory
     * @param processExited called when a server process has ended unexpectedly, or was started again
     * @throws IllegalStateException if another daemon uses the directory
     * @throws IOException if the directory cannot be used
     */
    public static LocalPlatform open(Path dir, ServerProbe probe, Clock clock, Consumer<EnsembleId> processExited)
            throws IOException {
        Path absolute = dir.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.take(absolute);
        LocalPlatform platform = new LocalPlatform(absolute, lock, probe, clock, processExited);
        platform.resume();
        return platform;
    }

    private LocalPlatform(
            Path dir, DirectoryLock lock, ServerProbe probe, Clock clock, Consumer<EnsembleId> processExited)
            throws IOException {
        this.lock = lock;
        this.directories = new Directories(dir.resolve("servers"));
        this.applied = new AppliedConfigurations(directories);
        this.ports = PortAllocation.open(dir, directories);
        this.supervisor = new Supervisor(directories, clock, new ServerCommand(ServerClassPath.find()), processExited);
        this.steps = new LocalSteps(directories, applied, ports, supervisor);
        this.observer = new LocalObserver(supervisor, probe, clock);
    }

    /** A file that cannot be read affects only its own ensemble, and is reported at each observation of that ensemble. */
    private void resume() throws IOException {
        for (EnsembleId id : directories.ensembles()) {
            try {
                resume(id);
            } catch (IOException e) {
                LogEntry.of("cannot resume the ensemble; its servers are not changed")
                        .with(LogKey.ENSEMBLE, id)
                        .with(LogKey.REASON, e.getMessage())
                        .error(LOG);
                supervisor.adopt(id, Optional.empty(), ports.of(id));
            }
        }
    }

    private void resume(EnsembleId id) throws IOException {
        Optional<AppliedConfiguration> last = applied.includingEnded(id);
        if (last.isEmpty()) {
            return;
        }
        ServerConfiguration target = last.get().target();
        int replicas = last.get().replicas();
        SortedMap<Integer, Ports> given =
                ports.assign(id, LocalSteps.upTo(replicas), true).headMap(replicas + 1);
        supervisor.adopt(id, Optional.of(target), given);
        if (last.get().ended()) {
            supervisor.end(id);
        } else {
            supervisor.keep(id, target, given);
        }
    }

    /**
     * Checks that no other daemon uses a directory, so that the conflict is reported before anything is started.
     *
     * @throws IllegalStateException if another daemon uses the directory
     */
    public static void requireFree(Path dir) throws IOException {
        DirectoryLock.take(dir).close();
    }

    @Override
    public Optional<String> refusal(EnsembleSpec spec) {
        return LocalSupport.refusal(spec);
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
        try {
            return observeNow(desired, status);
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the state directory: " + e.getMessage(), e);
        }
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        Optional<String> refusal = refusal(desired.spec());
        if (refusal.isPresent()) {
            return new Outcome.Blocked(Gate.VERSION, refusal.get());
        }
        try {
            return steps.take(desired, step, () -> observeNow(desired, EnsembleStatus.empty()));
        } catch (IOException e) {
            throw new RetryLaterException(step.describe() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public Revision wantedRevision(Desired desired) {
        try {
            ServerConfiguration wanted = wanted(desired);
            return new Revision(wanted.revision(), wanted.aspects());
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the state directory: " + e.getMessage(), e);
        }
    }

    /** Only the budget of the spec applies here, and the rollout itself observes it. */
    @Override
    public Outcome evict(EnsembleId ensemble, Instance instance) {
        return new Outcome.Applied();
    }

    private Observed observeNow(Desired desired, EnsembleStatus status) throws IOException {
        return observer.observe(
                desired, applied.of(desired.id()), wanted(desired), directories.withData(desired.id()), status);
    }

    private ServerConfiguration wanted(Desired desired) throws IOException {
        return ServerConfiguration.of(
                desired,
                steps.superUser(desired.id())
                        .digest(desired.spec().credentials().rotation())
                        .orElse(NO_DIGEST));
    }

    /** The passwords of the super user that a server of the ensemble may accept, the newest first. */
    public List<String> superPasswords(EnsembleId id) {
        try {
            return steps.superUser(id).passwords();
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the super user's password: " + e.getMessage(), e);
        }
    }

    /** The process ids of the running servers of an ensemble, by server id. */
    public Map<Integer, Long> pids(EnsembleId id) {
        Map<Integer, Long> pids = new TreeMap<>();
        supervisor.slots(id).forEach((member, slot) -> {
            SlotState view = slot.view();
            if (view.running()) {
                pids.put(member, view.record().orElseThrow().pid());
            }
        });
        return pids;
    }

    /** The addresses of the servers' HTTP services, by server id and service name. */
    public Map<Integer, SortedMap<String, String>> services(EnsembleId id) {
        Map<Integer, SortedMap<String, String>> services = new TreeMap<>();
        supervisor.slots(id).forEach((member, slot) -> slot.settings()
                .ifPresent(settings -> services.put(member, LocalServices.addresses(settings, slot.ports()))));
        return services;
    }

    /** Ends the servers of one ensemble permanently: only another apply starts them again. The data stays. */
    public void end(EnsembleId id) throws IOException {
        Optional<AppliedConfiguration> last = applied.of(id);
        if (last.isPresent()) {
            applied.put(
                    id, new AppliedConfiguration(last.get().target(), last.get().replicas(), true));
        }
        supervisor.end(id);
    }

    /** Ends all servers until the directory is opened again; for a daemon that has to end its servers when it exits. */
    public void endAll() throws IOException {
        supervisor.close();
        supervisor.endAll();
    }

    /** Releases the directory. The servers continue to run, and the next daemon takes them over. */
    @Override
    public void close() throws IOException {
        supervisor.close();
        lock.close();
    }
}
