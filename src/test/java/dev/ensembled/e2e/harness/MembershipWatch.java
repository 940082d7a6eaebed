package dev.ensembled.e2e.harness;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the committed membership from every server continuously. */
public final class MembershipWatch implements AutoCloseable {
    private static final int PERIOD_MILLIS = 50;
    private static final Pattern SERVER =
            Pattern.compile("^server\\.([0-9]+)=.*:(participant|observer);.*$", Pattern.MULTILINE);
    private static final Pattern VERSION = Pattern.compile("^version=([0-9a-f]+)$", Pattern.MULTILINE);

    private final TreeMap<Long, MembershipTimeline.ReportedMembership> reports = new TreeMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    /** @param addresses where the servers are at the moment */
    public MembershipWatch(Supplier<Collection<String>> addresses) {
        thread = new Thread(
                () -> {
                    while (!closed.get() && Pause.millis(PERIOD_MILLIS)) {
                        addresses.get().forEach(this::probe);
                    }
                },
                "membership-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void probe(String address) {
        ServerWords.ask(address, "conf").ifPresent(this::hear);
    }

    private synchronized void hear(String conf) {
        Map<Integer, String> roles = SERVER.matcher(conf)
                .results()
                .collect(Collectors.toMap(match -> Integer.valueOf(match.group(1)), match -> match.group(2)));
        // A server that has no configuration yet, or only the one for its own start, does not report a committed one.
        VERSION.matcher(conf)
                .results()
                .map(match -> Long.parseUnsignedLong(match.group(1), 16))
                .filter(version -> version > 0 && !roles.isEmpty())
                .forEach(version -> reports.putIfAbsent(
                        version, new MembershipTimeline.ReportedMembership(Instant.now(), version, roles)));
    }

    /** Forgets all observations except the last one. */
    public synchronized void begin() {
        reports.headMap(reports.lastKey()).clear();
    }

    public synchronized MembershipTimeline timeline() {
        return new MembershipTimeline(List.copyOf(reports.values()));
    }

    @Override
    public void close() {
        closed.set(true);
        thread.interrupt();
    }
}
