package dev.ensembled.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often servers are read while a roll waits, measured by the observations of a driver whose intervals are shortened. */
class RequeuePolicyTest {
    private static final EnsembleId ID = new EnsembleId("test", "kafka");
    private static final RequeuePolicy PACE =
            new RequeuePolicy(Duration.ofMillis(5), Duration.ofMillis(500), Duration.ofMinutes(10));
    private static final Window NEVER_NOW = new Window("0 0 29 2 *", Duration.ofMinutes(1), "UTC");

    private final FakePlatform platform = new FakePlatform();
    private final Store store = new Store();
    private final Driver driver = new Driver(
            new ReconcileCycle(store, platform, (id, writer, reader) -> platform.proof, Clock.systemUTC()),
            store,
            PACE,
            Clock.systemUTC(),
            new Ignore());

    @AfterEach
    void end() {
        driver.close();
    }

    /** How many observations there are in half a second after the first few. */
    private int looks() throws InterruptedException {
        driver.start(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (store.status.rollout() == null || gate() == null) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.MILLISECONDS.sleep(600);
        int before = platform.looks.get();
        TimeUnit.MILLISECONDS.sleep(500);
        return platform.looks.get() - before;
    }

    @Test
    void closedWindowProbesNoServerUntilAPush() throws Exception {
        store.rollout = new RolloutSpec(null, Duration.ZERO, null, null, List.of(NEVER_NOW), null, null);

        assertThat(looks()).isZero();
        assertThat(gate()).isEqualTo("window");

        int before = platform.looks.get();
        driver.changed(ID);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (platform.looks.get() == before) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void pendingApprovalProbesNoServer() throws Exception {
        store.rollout = new RolloutSpec(null, Duration.ZERO, null, null, null, Approval.Always, null);

        assertThat(looks()).isZero();
        assertThat(gate()).isEqualTo("approval");
    }

    @Test
    void pauseProbesNoServer() throws Exception {
        store.rollout = new RolloutSpec(true, Duration.ZERO, null, null, null, null, null);

        assertThat(looks()).isZero();
        assertThat(gate()).isEqualTo("paused");
    }

    @Test
    void budgetIsReadAtALowRate() throws Exception {
        store.rollout = new RolloutSpec(null, Duration.ZERO, null, null, null, null, null);
        platform.budget = 0;

        assertThat(looks()).isBetween(0, 2);
        assertThat(gate()).isEqualTo("budget");
    }

    @Test
    void failingSanityTestIsRetriedLessOftenAfterAStall() throws Exception {
        store.rollout = new RolloutSpec(null, Duration.ZERO, Duration.ofMillis(1), null, null, null, null);
        platform.proof = new Outcome.SanityTestFailed(Outcome.Half.WRITER, true, "NOAUTH");

        driver.start(1);
        TimeUnit.MILLISECONDS.sleep(1_500);
        int before = platform.looks.get();
        TimeUnit.MILLISECONDS.sleep(700);

        assertThat(gate()).isEqualTo("sanity-test");
        assertThat(before).isBetween(1, 5);
        assertThat(platform.looks.get() - before).isZero();
    }

    @Test
    void awaitedServersAreProbedOften() throws Exception {
        store.rollout = new RolloutSpec(null, Duration.ZERO, null, null, null, null, null);
        platform.follower = new Server.NotServing("looking");

        assertThat(looks()).isGreaterThan(10);
        assertThat(gate()).isEqualTo("member-down");
    }

    private String gate() {
        return store.status.rollout().gate();
    }

    private static final class Ignore implements Driver.Listener {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {}

        @Override
        public void gone(EnsembleId id) {}
    }

    /** Three servers that serve at another revision than the wanted one. */
    private static final class FakePlatform implements Platform {
        private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
        private static final Membership THREE = Membership.ofMajority(0x100000000L, Set.of(1, 2, 3), Set.of());

        final AtomicInteger looks = new AtomicInteger();
        volatile int budget = 1;
        volatile Outcome proof = new Outcome.Applied();
        volatile Server follower = serving(Server.Role.FOLLOWER);

        @Override
        public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
            looks.incrementAndGet();
            List<Member> members = List.of(
                    member(1, serving(Server.Role.LEADER)),
                    member(2, serving(Server.Role.FOLLOWER)),
                    member(3, follower));
            return new Observed(
                    List.of(),
                    Optional.of(new Revision("new", Map.of("config", "new"))),
                    members,
                    List.of(new Budget("kafka-budget", Set.of(1, 2, 3), budget, true)),
                    new Observed.Replicas(3, "1"),
                    true,
                    List.of(),
                    status);
        }

        private static Server serving(Server.Role role) {
            int followers = role == Server.Role.LEADER ? 2 : 0;
            return new Server.Serving(
                    role, 0x100000001L, THREE, followers, 0, followers, 0, LONG_AGO, "3.9.5", Map.of());
        }

        private static Member member(int id, Server server) {
            String revision = server.isServing() ? "old" : "new";
            Instance instance = Instance.builder("kafka-" + (id - 1), "uid-" + id, LONG_AGO)
                    .revision(revision, Map.of("config", revision))
                    .ready(server.isServing(), server.isServing() ? LONG_AGO : Instant.now())
                    .build();
            return new Member(id, Optional.of(instance), server, Optional.of(new Member.HostPort("127.0.0.1", id)));
        }

        @Override
        public Outcome act(Desired desired, Step step) {
            throw new AssertionError("nothing to do: " + step);
        }
    }

    /** One ensemble, whose status is stored. */
    private static final class Store implements EnsembleStore {
        volatile RolloutSpec rollout;
        volatile EnsembleStatus status = EnsembleStatus.empty().withSanityTested("before");

        @Override
        public List<Accepted> list() {
            EnsembleSpec spec = new EnsembleSpec(
                    "3.9.5", null, 3, null, null, null, null, null, null, null, rollout, null, null, null);
            return List.of(new Accepted(ID, spec, 1, Optional.empty(), false, Requests.NONE, status));
        }

        @Override
        public Optional<Accepted> get(EnsembleId id) {
            return list().stream().findFirst();
        }

        @Override
        public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
            throw new AssertionError("nothing is accepted");
        }

        @Override
        public void mark(EnsembleId id, SourceStatus source) {
            throw new AssertionError("nothing is marked");
        }

        @Override
        public void remove(EnsembleId id, SourceStatus source) {
            throw new AssertionError("nothing is removed");
        }

        @Override
        public void writeStatus(EnsembleId id, EnsembleStatus written) {
            status = written;
        }

        @Override
        public void publish(EnsembleId id, EnsembleEvent event) {}
    }
}
