package dev.ensembled.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.stub.StubPlatform;
import dev.ensembled.stub.StubStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DriverTest {
    private static final EnsembleId GOOD = new EnsembleId("test", "good");
    private static final EnsembleId BAD = new EnsembleId("test", "bad");
    private static final EnsembleId LOST = new EnsembleId("test", "lost");
    private static final RequeuePolicy QUICK =
            new RequeuePolicy(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(20));

    private final Store store = new Store();
    private final FakePlatform platform = new FakePlatform();
    private final Map<EnsembleId, String> failures = new ConcurrentHashMap<>();
    private final Driver driver = driver(new Driver.Listener() {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {
            latest.failure().ifPresent(failure -> failures.put(id, failure));
        }

        @Override
        public void gone(EnsembleId id) {}
    });

    private Driver driver(Driver.Listener listener) {
        Driver leading = follower(listener);
        leading.lead();
        return leading;
    }

    private Driver follower(Driver.Listener listener) {
        return new Driver(
                new ReconcileCycle(store, platform, (id, writer, reader) -> new Outcome.Applied(), Clock.systemUTC()),
                store,
                QUICK,
                Clock.systemUTC(),
                listener);
    }

    @AfterEach
    void end() {
        platform.release.countDown();
        driver.close();
    }

    @Test
    void ensemblesAreReconciledPeriodicallyWithoutAHint() {
        driver.start(1);

        eventually(() -> platform.observations(GOOD) > 2);
    }

    @Test
    void stuckWorkerIsDetectedAndDelaysNoOtherEnsemble() {
        platform.stuck = BAD;
        driver.start(2);
        eventually(() -> platform.observations(BAD) == 1);
        int before = platform.observations(GOOD);

        eventually(() -> driver.wedged(Duration.ofMillis(50)).isPresent());
        eventually(() -> platform.observations(GOOD) > before + 3);
        assertThat(driver.wedged(Duration.ofMinutes(1))).isEmpty();
        assertThat(platform.observations(BAD)).isEqualTo(1);

        platform.release.countDown();
        eventually(() -> platform.observations(BAD) > 1);
        assertThat(driver.wedged(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void failingEnsembleIsRetriedLessOftenWithReasonAndTime() {
        platform.failing = BAD;
        driver.start(2);

        eventually(() -> platform.observations(GOOD) > 40);

        assertThat(platform.observations(BAD)).isLessThan(10);
        ReconcileResult bad = driver.latestResults().get(BAD);
        assertThat(bad.failure()).contains("the API server is away");
        assertThat(driver.latestResults().get(GOOD).failure()).isEmpty();

        platform.failing = null;
        eventually(() -> driver.latestResults().get(BAD).failure().isEmpty());
        assertThat(driver.latestResults().get(BAD).since()).isAfter(bad.since());
    }

    @Test
    void unreadableEnsembleIsShownWithTheReason() {
        store.unreadable = Set.of(LOST);
        driver.start(2);

        eventually(() -> driver.latestResults().containsKey(LOST));
        assertThat(driver.latestResults().get(LOST).failure()).contains("lost.json cannot be read");
        eventually(() -> platform.observations(GOOD) > 2);
    }

    @Test
    void listenerThatFailsEndsNoWorkerAndFailsNoCycle() {
        platform.failing = BAD;
        try (Driver reported = driver(new FailingListener())) {
            reported.start(1);

            eventually(() -> platform.observations(BAD) > 2);
            eventually(() -> platform.observations(GOOD) > 2);
            assertThat(reported.latestResults().get(GOOD).failure()).isEmpty();
            assertThat(reported.latestResults().get(BAD).failure()).contains("the API server is away");
        }
    }

    private record RecordingListener(List<EnsembleId> reported) implements Driver.Listener {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {
            reported.add(id);
        }

        @Override
        public void gone(EnsembleId id) {
            reported.add(id);
        }
    }

    /** Throws at every call. */
    private static final class FailingListener implements Driver.Listener {
        @Override
        public void seen(EnsembleId id, ReconcileResult latest) {
            throw new IllegalStateException("cannot report " + id);
        }

        @Override
        public void gone(EnsembleId id) {
            throw new IllegalStateException("cannot forget " + id);
        }
    }

    @Test
    void replicaThatFollowsObservesAndChangesNothingUntilItLeads() {
        List<EnsembleId> reported = new CopyOnWriteArrayList<>();
        try (Driver follower = follower(new RecordingListener(reported))) {
            follower.start(1);

            eventually(() -> platform.observations(GOOD) > 3);
            assertThat(follower.latestResults()).containsKeys(GOOD, BAD);
            assertThat(store.statuses(GOOD)).isZero();
            assertThat(reported).isEmpty();

            follower.lead();
            eventually(() -> reported.contains(GOOD) && store.statuses(GOOD) > 0);
        }
    }

    @Test
    void driverIsAtRestWhenAllItsCyclesHaveEnded() {
        platform.stuck = BAD;
        driver.start(2);
        eventually(() -> platform.observations(BAD) == 1);
        assertThat(driver.atRest()).isFalse();

        platform.release.countDown();
        driver.close();
        assertThat(driver.atRest()).isTrue();
    }

    @Test
    void endedLoopIsDetected() {
        driver.start(1);
        driver.close();

        eventually(() -> driver.wedged(Duration.ofMillis(100)).isPresent());
    }

    private interface Condition {
        boolean holds();
    }

    private static void eventually(Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void anotherWriterIsNoFailureUntilItRepeats() {
        platform.conflicts.set(1);
        driver.start(1);
        eventually(() -> platform.conflicts.get() == 0 && platform.observations(BAD) > 2);
        assertThat(failures).doesNotContainKey(BAD);

        platform.conflicts.set(2);

        eventually(() -> failures.containsKey(BAD));
        assertThat(failures.get(BAD)).contains("the status was changed");
        eventually(() -> driver.latestResults().get(BAD).failure().isEmpty());
    }

    @Test
    void aStepWhosePreconditionNeverHoldsIsTriedLessAndLessOften() throws InterruptedException {
        platform.stale = BAD;
        driver.start(1);
        eventually(() -> platform.attempts.get() >= 2);

        int before = platform.attempts.get();
        Thread.sleep(300);

        assertThat(platform.attempts.get() - before).as("no hot loop").isLessThan(3);
    }

    /** Makes the observation of one ensemble hang or fail. */
    private static final class FakePlatform extends StubPlatform {
        final CountDownLatch release = new CountDownLatch(1);
        private final Map<EnsembleId, Integer> observations = new ConcurrentHashMap<>();
        volatile EnsembleId stuck;
        volatile EnsembleId failing;
        volatile EnsembleId stale;
        final AtomicInteger conflicts = new AtomicInteger();
        final AtomicInteger attempts = new AtomicInteger();

        int observations(EnsembleId id) {
            return observations.getOrDefault(id, 0);
        }

        @Override
        public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
            observations.merge(desired.id(), 1, Integer::sum);
            if (desired.id().equals(failing)) {
                throw new RetryLaterException("the API server is away", null);
            }
            if (desired.id().equals(BAD) && conflicts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new ChangedMeanwhileException("the status was changed", null);
            }
            if (desired.id().equals(stuck)) {
                awaitRelease();
            }
            Observed seen = super.observe(desired, status, mode);
            return desired.id().equals(stale)
                    ? seen.withObjects(
                            List.of(new ObjectState("Service", "bad", ObjectState.State.MISSING, List.of(), "")))
                    : seen;
        }

        @Override
        public Outcome act(Desired desired, Step step) {
            attempts.incrementAndGet();
            return new Outcome.Stale("Service/bad was created since it was observed; expected no object");
        }

        private void awaitRelease() {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Two ensembles without changes, and others that cannot be read. */
    private static final class Store extends StubStore {
        private final Map<EnsembleId, Integer> statuses = new ConcurrentHashMap<>();
        volatile Set<EnsembleId> unreadable = Set.of();

        Store() {
            put(GOOD, SpecBuilder.voters(1).build());
            put(BAD, SpecBuilder.voters(1).build());
        }

        /** How often the status of an ensemble was written. */
        int statuses(EnsembleId id) {
            return statuses.getOrDefault(id, 0);
        }

        @Override
        public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
            statuses.merge(id, 1, Integer::sum);
            super.writeStatus(id, before, status);
        }

        @Override
        public Set<EnsembleId> unreadable() {
            return unreadable;
        }

        @Override
        public Optional<Accepted> get(EnsembleId id) {
            if (unreadable.contains(id)) {
                throw new RetryLaterException("lost.json cannot be read", null);
            }
            return super.get(id);
        }
    }
}
