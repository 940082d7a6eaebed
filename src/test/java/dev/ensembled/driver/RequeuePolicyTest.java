package dev.ensembled.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.stub.RolloutBuilder;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.stub.StubListener;
import dev.ensembled.stub.StubPlatform;
import dev.ensembled.stub.StubStore;
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
    private final StubStore store = new StubStore();
    private final Driver driver = new Driver(
            new ReconcileCycle(store, platform, (id, writer, reader) -> platform.proof, Clock.systemUTC()),
            store,
            PACE,
            Clock.systemUTC(),
            new StubListener());

    @AfterEach
    void end() {
        driver.close();
    }

    /** How many observations there are in half a second after the first few. */
    private int observations() throws InterruptedException {
        driver.lead();
        driver.start(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (status().rollout() == null || gate() == null) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.MILLISECONDS.sleep(600);
        int before = platform.observations.get();
        TimeUnit.MILLISECONDS.sleep(500);
        return platform.observations.get() - before;
    }

    @Test
    void closedWindowProbesNoServerUntilAPush() throws Exception {
        accept(RolloutBuilder.unsettled().window(NEVER_NOW));

        assertThat(observations()).isZero();
        assertThat(gate()).isEqualTo("window");

        int before = platform.observations.get();
        driver.changed(ID);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (platform.observations.get() == before) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void pendingApprovalProbesNoServer() throws Exception {
        accept(RolloutBuilder.unsettled().approval(Approval.Always));

        assertThat(observations()).isZero();
        assertThat(gate()).isEqualTo("approval");
    }

    @Test
    void pauseProbesNoServer() throws Exception {
        accept(RolloutBuilder.unsettled().paused());

        assertThat(observations()).isZero();
        assertThat(gate()).isEqualTo("paused");
    }

    @Test
    void budgetIsReadAtALowRate() throws Exception {
        accept(RolloutBuilder.unsettled());
        platform.budget = 0;

        assertThat(observations()).isBetween(0, 2);
        assertThat(gate()).isEqualTo("budget");
    }

    @Test
    void failingSanityTestIsRetriedLessOftenAfterAStall() throws Exception {
        accept(RolloutBuilder.unsettled().progressDeadline(Duration.ofMillis(1)));
        platform.proof = new Outcome.SanityTestFailed(Outcome.Half.WRITER, true, "NOAUTH");

        driver.lead();
        driver.start(1);
        TimeUnit.MILLISECONDS.sleep(1_500);
        int before = platform.observations.get();
        TimeUnit.MILLISECONDS.sleep(700);

        assertThat(gate()).isEqualTo("sanity-test");
        assertThat(before).isBetween(1, 5);
        assertThat(platform.observations.get() - before).isZero();
    }

    @Test
    void awaitedServersAreProbedOften() throws Exception {
        accept(RolloutBuilder.unsettled());
        platform.follower = new Server.NotServing("looking");

        assertThat(observations()).isGreaterThan(10);
        assertThat(gate()).isEqualTo("member-down");
    }

    private String gate() {
        return status().rollout().gate();
    }

    private EnsembleStatus status() {
        return store.get(ID).orElseThrow().status();
    }

    private void accept(RolloutBuilder rollout) {
        store.put(
                ID,
                SpecBuilder.voters(3).rollout(rollout).build(),
                EnsembleStatus.empty().withSanityTested("before"));
    }

    /** Three servers that serve at another revision than the wanted one. */
    private static final class FakePlatform extends StubPlatform {
        private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
        private static final Membership THREE = Membership.ofMajority(0x100000000L, Set.of(1, 2, 3), Set.of());

        final AtomicInteger observations = new AtomicInteger();
        volatile int budget = 1;
        volatile Outcome proof = new Outcome.Applied();
        volatile Server follower = serving(Server.Role.FOLLOWER);

        @Override
        public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
            observations.incrementAndGet();
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
    }
}
