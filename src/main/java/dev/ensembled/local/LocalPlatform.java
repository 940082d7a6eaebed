package dev.ensembled.local;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Ensembles as real server processes on loopback, in one state directory: their configuration, data and logs below
 * {@code DIR/servers/NAMESPACE/NAME/ID}, their ports in {@code DIR/ports.json}. What runs survives the daemon: the next
 * one takes the processes over. Image, pod template, storage and placement have no effect here.
 *
 * <p>The first look at a directory takes the lock on it, adopts what runs and starts what should run and does not.
 */
public final class LocalPlatform implements Platform, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LocalPlatform.class);
    /** The gate of a disruption that the budget has no room for. */
    public static final String BUDGET_GATE = "budget";
    /** The gate of a spec that this platform cannot run. */
    public static final String VERSION_GATE = "version";

    private final DirectoryLock lock;
    private final AppliedTargets applied;
    private final PortBook ports;
    private final Supervisor supervisor;
    private final LocalObserver observer;
    private final Optional<ArchiveMaker> archives;

    /**
     * How to run.
     *
     * @param dir the state directory
     * @param classDataSharing whether to make and use a class archive for the servers; costs a few seconds, once
     */
    public record Settings(Path dir, boolean classDataSharing) {
        public Settings {
            dir = dir.toAbsolutePath().normalize();
        }
    }

    /**
     * Opens the platform in a directory.
     *
     * @param processExited told when a server process has ended unasked, or was started again
     * @throws IllegalStateException if another daemon works there
     * @throws IOException if the directory cannot be used
     */
    public static LocalPlatform open(
            Settings settings, ServerProbe probe, Clock clock, Consumer<EnsembleId> processExited) throws IOException {
        DirectoryLock lock = DirectoryLock.take(settings.dir());
        LocalPlatform platform = new LocalPlatform(settings, lock, probe, clock, processExited);
        platform.resume();
        return platform;
    }

    private LocalPlatform(
            Settings settings, DirectoryLock lock, ServerProbe probe, Clock clock, Consumer<EnsembleId> processExited)
            throws IOException {
        Path servers = settings.dir().resolve("servers");
        ServerClassPath classPath = ServerClassPath.find();
        ClassArchive archive = new ClassArchive(settings.dir().resolve("cds"), classPath);
        this.lock = lock;
        this.applied = new AppliedTargets(servers);
        this.ports = new PortBook(settings.dir());
        this.supervisor = new Supervisor(
                servers,
                clock,
                () -> new ServerCommand(classPath, settings.classDataSharing() ? archive.ready() : Optional.empty()),
                processExited);
        this.observer = new LocalObserver(supervisor, probe, clock);
        this.archives =
                settings.classDataSharing() ? Optional.of(new ArchiveMaker(archive, ports, probe)) : Optional.empty();
    }

    private void resume() throws IOException {
        for (Map.Entry<EnsembleId, Applied> entry : applied.all().entrySet()) {
            EnsembleId id = entry.getKey();
            Target target = entry.getValue().target();
            supervisor.adopt(id, target, ports.of(id));
            if (entry.getValue().ended()) {
                supervisor.end(id);
            } else {
                supervisor.keep(id, target, ports.of(id));
            }
        }
        archives.ifPresent(ArchiveMaker::start);
    }

    /**
     * Tells whether another daemon works in a directory, so that one can say so before it starts anything.
     *
     * @throws IllegalStateException if one does
     */
    public static void requireFree(Path dir) throws IOException {
        DirectoryLock.take(dir).close();
    }

    @Override
    public Optional<String> refusal(EnsembleSpec spec) {
        String version = ServerClassPath.zooKeeperVersion();
        return spec.version().equals(version)
                ? Optional.empty()
                : Optional.of("local runs ZooKeeper " + version + " only, not " + spec.version() + ": set version: "
                        + version + ", or use a cluster");
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, Look look) {
        try {
            Optional<Target> last = applied.of(desired.id());
            return observer.look(desired, last, wanted(desired), status);
        } catch (IOException e) {
            throw new RetryLaterException("the state directory cannot be read", e);
        }
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        try {
            if (step instanceof Step.Apply) {
                return apply(desired);
            }
            if (step instanceof Step.Restart restart) {
                return leave(desired, restart.member(), restart.instance());
            }
            if (step instanceof Step.Replace replace) {
                return renew(desired.id(), replace.member(), replace.instance());
            }
        } catch (IOException e) {
            throw new RetryLaterException(step.describe() + " failed: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("no step of a platform: " + step.describe());
    }

    private Outcome apply(Desired desired) throws IOException {
        Optional<String> refusal = refusal(desired.spec());
        if (refusal.isPresent()) {
            return new Outcome.Blocked(VERSION_GATE, refusal.get());
        }
        EnsembleId id = desired.id();
        // As long as nothing was applied, no server was started, and all of them form the ensemble together.
        boolean forming = applied.of(id).isEmpty() && !applied.wasEverApplied(id);
        SortedMap<Integer, Ports> given = ports.assign(
                id, desired.members().stream().map(Desired.Place::id).toList(), !forming);
        Target target = Target.of(desired, given);
        for (Integer member : target.members()) {
            supervisor.files(id, member).prepare(member, forming);
        }
        applied.put(id, new Applied(target, false));
        supervisor.keep(id, target, given);
        LOG.infof("configuration applied ensemble=%s revision=%s forming=%s", id, target.revision(), forming);
        return new Outcome.Taken();
    }

    /** A server that may be serving leaves only if the budget has room for it, as by the Eviction API. */
    private Outcome leave(Desired desired, int member, Instance instance) throws IOException {
        Observed now = observer.look(desired, applied.of(desired.id()), wanted(desired), EnsembleStatus.empty());
        boolean serves = now.members().stream().anyMatch(other -> other.id() == member && other.serves());
        Optional<Budget> full = now.budgets().stream()
                .filter(budget -> serves && budget.disruptionsAllowed() < 1)
                .findFirst();
        if (full.isPresent()) {
            return new Outcome.Blocked(BUDGET_GATE, "budget " + full.get().name() + " allows no disruption now");
        }
        return renew(desired.id(), member, instance);
    }

    private Outcome renew(EnsembleId id, int member, Instance instance) throws IOException {
        return supervisor.restart(id, member, instance.uid())
                ? new Outcome.Taken()
                : new Outcome.Overtaken(instance.name() + " is no longer the process " + instance.uid());
    }

    private Target wanted(Desired desired) {
        Map<Integer, Ports> given = new TreeMap<>(ports.of(desired.id()));
        desired.members().forEach(place -> given.putIfAbsent(place.id(), Ports.from(0)));
        return Target.of(desired, given);
    }

    /** Ids of the processes of an ensemble's servers that run, by server id. */
    public Map<Integer, Long> pids(EnsembleId id) {
        Map<Integer, Long> pids = new TreeMap<>();
        supervisor.slots(id).forEach((member, slot) -> {
            ServerSlot.View view = slot.view();
            if (view.running()) {
                pids.put(member, view.record().orElseThrow().pid());
            }
        });
        return pids;
    }

    /** Ends the servers of one ensemble, for good: nothing starts them again but another apply. Data stays. */
    public void end(EnsembleId id) throws IOException {
        Optional<Target> last = applied.of(id);
        if (last.isPresent()) {
            applied.put(id, new Applied(last.get(), true));
        }
        supervisor.end(id);
    }

    /** Ends every server, until the directory is opened again; for the end of the daemon on demand. */
    public void endAll() throws IOException {
        supervisor.close();
        archives.ifPresent(ArchiveMaker::close);
        supervisor.endAll();
    }

    /** Lets go of the directory. Servers that run go on, for the next daemon to take over. */
    @Override
    public void close() throws IOException {
        supervisor.close();
        archives.ifPresent(ArchiveMaker::close);
        lock.close();
    }
}
