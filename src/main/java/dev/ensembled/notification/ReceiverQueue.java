package dev.ensembled.notification;

import dev.ensembled.backoff.ExponentialBackoff;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jboss.logging.Logger;

/**
 * Delivers notifications to one receiver, in order, each until it is delivered, is refused or is too old. Has a thread of its
 * own. What is not delivered when the process ends is lost.
 */
final class ReceiverQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReceiverQueue.class);
    private static final int MOST_WAITING = 1_000;
    private static final Duration END = Duration.ofSeconds(1);

    private final Receiver receiver;
    private final Sender sender;
    private final ExponentialBackoff backoff;
    private final Duration oldest;
    private final Clock clock;
    private final BlockingQueue<Notification> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile boolean delivering;
    private boolean failing;

    /**
     * Creates a queue, and starts its thread.
     *
     * @param oldest the age at which a notification is not sent any more
     */
    ReceiverQueue(Receiver receiver, Sender sender, ExponentialBackoff backoff, Duration oldest, Clock clock) {
        this.receiver = receiver;
        this.sender = sender;
        this.backoff = backoff;
        this.oldest = oldest;
        this.clock = clock;
        this.thread = new Thread(this::run, "notification-" + receiver.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a notification if the receiver wants it. Returns at once; while too many wait, the oldest gives way. */
    void add(Notification notification) {
        if (receiver.wants(notification)) {
            while (!waiting.offer(notification)) {
                Notification dropped = waiting.poll();
                if (dropped != null) {
                    entry("notification dropped, since too many wait", dropped).warn(LOG);
                }
            }
        }
    }

    String receiver() {
        return receiver.name();
    }

    /** How many notifications are not delivered yet. */
    int waiting() {
        return waiting.size() + (delivering ? 1 : 0);
    }

    private void run() {
        try {
            while (true) {
                Notification next = waiting.take();
                delivering = true;
                try {
                    deliver(next);
                } catch (RuntimeException e) {
                    // A defect must not end the delivery of all others
                    entry("notification dropped, since sending it failed", next).log(LOG, Logger.Level.ERROR, e);
                } finally {
                    delivering = false;
                }
            }
        } catch (InterruptedException e) {
            // The process ends
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(Notification notification) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            Sender.Result result = sender.send(notification);
            switch (result.outcome()) {
                case DELIVERED -> {
                    works();
                    return;
                }
                case REFUSED -> {
                    entry("notification refused by its receiver", notification)
                            .with(LogKey.REASON, result.why())
                            .warn(LOG);
                    return;
                }
                case FAILED -> fails(result.why());
            }
            if (!clock.instant().isBefore(notification.time().plus(oldest))) {
                entry("notification dropped, since it could not be delivered in time", notification)
                        .with(LogKey.REASON, result.why())
                        .warn(LOG);
                return;
            }
            Duration wait = backoff.after(failures);
            Thread.sleep(result.retryAfter()
                    .filter(longer -> longer.compareTo(wait) > 0)
                    .orElse(wait)
                    .toMillis());
        }
    }

    private void fails(String why) {
        if (!failing) {
            failing = true;
            LogEntry.of("notifications cannot be delivered, they are repeated")
                    .with(LogKey.RECEIVER, receiver.name())
                    .with(LogKey.CLASS, "retry")
                    .with(LogKey.REASON, why)
                    .warn(LOG);
        }
    }

    private void works() {
        if (failing) {
            failing = false;
            LogEntry.of("notifications are delivered again")
                    .with(LogKey.RECEIVER, receiver.name())
                    .info(LOG);
        }
    }

    private LogEntry entry(String message, Notification notification) {
        return LogEntry.of(message)
                .with(LogKey.RECEIVER, receiver.name())
                .with(LogKey.ENSEMBLE, notification.ensemble())
                .with(LogKey.EVENT, notification.type());
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
