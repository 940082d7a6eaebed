package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks every server about every 20 ms whether it leads. */
public final class LeaderWatch implements AutoCloseable {
    private static final int PERIOD_MILLIS = 20;

    private final List<LeaderTimeline.Sighting> sightings = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param pods the names of the servers' pods
     * @param addresses where they are at the moment, by name
     */
    public LeaderWatch(Iterable<String> pods, Supplier<Map<String, String>> addresses) {
        for (String pod : pods) {
            Thread thread = new Thread(() -> poll(pod, addresses), "leader-watch-" + pod);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void poll(String pod, Supplier<Map<String, String>> addresses) {
        while (!closed) {
            String address = addresses.get().get(pod);
            if (address != null) {
                ServerWords.ask(address, "srvr")
                        .flatMap(ServerWords::leadingEpoch)
                        .ifPresent(epoch -> saw(new LeaderTimeline.Sighting(System.nanoTime(), pod, epoch)));
            }
            if (!Pause.millis(PERIOD_MILLIS)) {
                return;
            }
        }
    }

    private synchronized void saw(LeaderTimeline.Sighting sighting) {
        sightings.add(sighting);
    }

    /** The observations between two times of {@link System#nanoTime}. */
    public synchronized LeaderTimeline between(long from, long to) {
        return new LeaderTimeline(sightings.stream()
                .filter(s -> s.nanos() >= from && s.nanos() <= to)
                .sorted(Comparator.comparingLong(LeaderTimeline.Sighting::nanos))
                .toList());
    }

    synchronized boolean seesOne() {
        return !sightings.isEmpty();
    }

    /** The pod that was last observed to lead, within the last second. */
    public String leader() {
        long now = System.nanoTime();
        List<LeaderTimeline.Sighting> last =
                between(now - Duration.ofSeconds(1).toNanos(), now).sightings();
        if (last.isEmpty()) {
            throw new IllegalStateException("No server leads");
        }
        return last.get(last.size() - 1).pod();
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
