package dev.ensembled.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private static final Duration NOT_AT_ALL = Duration.ZERO;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock that overflows soon, as it may
    private final WorkQueue<String> queue = new WorkQueue<>(nanos::get);

    @Test
    void keyIsHandedOutOnceWhenItIsDue() throws InterruptedException {
        queue.add("a", Duration.ofNanos(10));

        assertThat(queue.take(NOT_AT_ALL)).isEmpty();
        nanos.addAndGet(10);
        assertThat(queue.take(NOT_AT_ALL)).contains("a");
        assertThat(queue.take(NOT_AT_ALL)).isEmpty();
    }

    @Test
    void earliestOfSeveralTimesCounts() throws InterruptedException {
        queue.add("a", Duration.ofNanos(100));
        queue.add("a", Duration.ofNanos(10));
        queue.add("a", Duration.ofNanos(50));
        nanos.addAndGet(10);

        assertThat(queue.take(NOT_AT_ALL)).contains("a");
        queue.done("a");
        nanos.addAndGet(1000);
        assertThat(queue.take(NOT_AT_ALL)).isEmpty();
    }

    @Test
    void keyInProgressIsNotHandedOutAgainUntilItIsDone() throws InterruptedException {
        queue.add("a", Duration.ZERO);
        assertThat(queue.take(NOT_AT_ALL)).contains("a");

        queue.add("a", Duration.ZERO);
        assertThat(queue.take(NOT_AT_ALL)).isEmpty();

        queue.done("a");
        assertThat(queue.take(NOT_AT_ALL)).contains("a");
    }

    @Test
    void busyKeyDoesNotDelayAnother() throws InterruptedException {
        queue.add("a", Duration.ZERO);
        assertThat(queue.take(NOT_AT_ALL)).contains("a");
        queue.add("a", Duration.ZERO);
        queue.add("b", Duration.ZERO);

        assertThat(queue.take(NOT_AT_ALL)).contains("b");
    }

    @Test
    void keyInBackoffIsNotMadeDueByAResync() throws InterruptedException {
        queue.add("failed", Duration.ofNanos(100));

        queue.addUnlessPending("failed");
        queue.addUnlessPending("new");

        assertThat(queue.take(NOT_AT_ALL)).contains("new");
        assertThat(queue.take(NOT_AT_ALL)).isEmpty();
    }

    @Test
    void newKeyWakesAWaitingWorker() throws Exception {
        WorkQueue<String> real = new WorkQueue<>(System::nanoTime);
        Thread adder = new Thread(() -> real.add("a", Duration.ofMillis(20)));
        adder.start();

        assertThat(real.take(Duration.ofSeconds(10))).contains("a");
        adder.join();
    }

    @Test
    void keysThatAreDueAndNotTakenWait() throws InterruptedException {
        queue.add("late", Duration.ofNanos(10));
        queue.add("now", Duration.ofNanos(30));
        queue.add("later", Duration.ofNanos(1000));
        assertThat(queue.waiting()).isEqualTo(new WorkQueue.Waiting(0, Duration.ZERO));

        nanos.addAndGet(30);
        assertThat(queue.waiting()).isEqualTo(new WorkQueue.Waiting(2, Duration.ofNanos(20)));

        queue.take(NOT_AT_ALL);
        assertThat(queue.waiting()).isEqualTo(new WorkQueue.Waiting(1, Duration.ZERO));
    }
}
