package dev.ensembled.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Situation;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.stub.RolloutBuilder;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.zookeeper.ServerProbe;
import dev.ensembled.zookeeper.ZooKeeperSanityTest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An ensemble of real servers for tests, all of which end when it is closed. */
public final class LocalEnsemble implements AutoCloseable {
    public static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    public final ServerProbe probe = new ServerProbe(Clock.systemUTC());
    public final List<EnsembleId> exits = new CopyOnWriteArrayList<>();
    private final Path dir;
    private LocalPlatform platform;
    private LocalStore store;
    private ReconcileCycle cycle;

    public LocalEnsemble(Path dir) throws IOException {
        this.dir = dir;
        reopen();
    }

    /** Opens the directory as a new daemon would. */
    public void reopen() throws IOException {
        Clock clock = Clock.systemUTC();
        platform = LocalPlatform.open(dir, probe, clock, exits::add);
        store = new LocalStore(dir, clock);
        cycle = new ReconcileCycle(store, platform, new ZooKeeperSanityTest(platform::superPasswords), clock);
    }

    public LocalStore store() {
        return store;
    }

    public LocalPlatform platform() {
        return platform;
    }

    public static EnsembleSpec spec(int voters, int observers, Map<String, String> config) {
        return spec(voters, observers, config, 0);
    }

    private static EnsembleSpec spec(int voters, int observers, Map<String, String> config, int rotation) {
        return SpecBuilder.voters(voters)
                .observers(observers)
                .config(config)
                .jvm("128Mi")
                .rollout(RolloutBuilder.unsettled())
                .rotation(rotation)
                .build();
    }

    public static Desired desired(int voters, int observers, Map<String, String> config) {
        return Desired.of(ID, spec(voters, observers, config), 1);
    }

    /** The same, with a rotated password of the super user. */
    public static Desired rotated(int voters, int observers, int rotation) {
        return Desired.of(ID, spec(voters, observers, Map.of(), rotation), 1);
    }

    public Outcome apply(Desired desired) {
        Observed seen = observe(desired);
        int places = Situation.of(desired, seen, Instant.now()).replicas();
        return platform.act(desired, new Step.Apply(seen.objects(), places));
    }

    public Observed observe(Desired desired) {
        return platform.observe(desired, status(), ReadMode.FRESH);
    }

    /** The last reported status. */
    public EnsembleStatus status() {
        return store.get(ID).map(Accepted::status).orElseGet(EnsembleStatus::empty);
    }

    /** Observes until the state is as expected; fails with the last observation. */
    public Observed await(Desired desired, Predicate<Observed> expected) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        Observed observed = observe(desired);
        while (!expected.test(observed)) {
            assertThat(System.nanoTime()).as("time for %s", observed).isLessThan(end);
            Thread.sleep(50);
            observed = observe(desired);
        }
        return observed;
    }

    /** Runs cycles until all servers of the ensemble serve. */
    public Observed form(Desired desired) throws InterruptedException {
        accept(desired.spec());
        drive(result -> result.observed().target().isPresent()
                && result.observed().members().size() == desired.members().size()
                && allServe(result.observed()));
        return observe(desired);
    }

    /** Runs cycles until everything is as wanted, and the sanity test has passed. */
    public Observed settle(Desired desired) throws InterruptedException {
        accept(desired.spec());
        return drive(result -> result.decision() instanceof Decision.Done).observed();
    }

    public void accept(EnsembleSpec spec) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ID.namespace())
                .withName(ID.name())
                .build());
        resource.setSpec(spec);
        store.accept(resource, new SourceStatus("abc", "kafka.yaml", "Synced", null));
    }

    /** Runs cycles until a result is as expected; fails with the last one. */
    public Result drive(Predicate<Result> expected) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            Optional<Result> result = cycle();
            if (result.filter(expected).isPresent()) {
                return result.get();
            }
            assertThat(System.nanoTime()).as("time for %s", result).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** Empty after a temporary failure, for which the cycle may succeed later. */
    private Optional<Result> cycle() {
        try {
            return cycle.run(ID);
        } catch (RetryLaterException e) {
            return Optional.empty();
        }
    }

    public static boolean allServe(Observed observed) {
        return observed.members().stream().allMatch(Member::serves);
    }

    public static Member member(Observed observed, int id) {
        return observed.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow();
    }

    public static HostPort address(Observed observed, int id) {
        return member(observed, id).clientAddress().orElseThrow();
    }

    /** Sends a signal to a server's process. */
    public void signal(String signal, int id) throws IOException, InterruptedException {
        long pid = platform.pids(ID).get(id);
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        platform.endAll();
        platform.close();
        probe.close();
    }
}
