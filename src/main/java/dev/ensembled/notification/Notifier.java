package dev.ensembled.notification;

import dev.ensembled.backoff.ExponentialBackoff;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Passes each notification to all receivers. Thread-safe. */
public final class Notifier implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final Duration OLDEST = Duration.ofHours(1);

    private final List<ReceiverQueue> queues;

    /** Starts to deliver to these receivers. */
    public Notifier(List<Receiver> receivers, String installation, Clock clock) {
        this(
                receivers,
                installation,
                TIMEOUT,
                new ExponentialBackoff(FIRST_RETRY, LONGEST_WAIT, RandomGenerator.getDefault()),
                OLDEST,
                clock);
    }

    Notifier(
            List<Receiver> receivers,
            String installation,
            Duration timeout,
            ExponentialBackoff backoff,
            Duration oldest,
            Clock clock) {
        this.queues = receivers.stream()
                .map(receiver -> new ReceiverQueue(
                        receiver, new Sender(receiver, installation, timeout), backoff, oldest, clock))
                .toList();
    }

    /** Returns at once. */
    void send(Notification notification) {
        queues.forEach(queue -> queue.add(notification));
    }

    /** Returns how many notifications wait, by the names of the receivers. */
    public Map<String, Integer> waiting() {
        return queues.stream().collect(Collectors.toMap(ReceiverQueue::receiver, ReceiverQueue::waiting));
    }

    @Override
    public void close() {
        queues.forEach(ReceiverQueue::close);
    }
}
