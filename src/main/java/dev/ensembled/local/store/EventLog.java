package dev.ensembled.local.store;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The events of the ensembles: the latest of each ensemble in memory, for views, and all events in {@code events.log}, of
 * which the last two megabytes are kept. Thread-safe.
 */
public final class EventLog {
    private static final Logger LOG = Logger.getLogger(EventLog.class);
    private static final int KEPT = 100;
    private static final long MAX_BYTES = 1_000_000;

    private final Path file;
    private final Clock clock;
    private final Map<EnsembleId, Deque<Published>> latest = new HashMap<>();

    /** An event and the time at which it was published. */
    public record Published(Instant at, EnsembleEvent event) {}

    EventLog(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    synchronized void append(EnsembleId id, EnsembleEvent event) {
        Published published = new Published(clock.instant(), event);
        Deque<Published> ring = latest.computeIfAbsent(id, ignored -> new ArrayDeque<>());
        ring.addLast(published);
        if (ring.size() > KEPT) {
            ring.removeFirst();
        }
        try {
            write(id, published);
        } catch (IOException e) {
            LogEntry.of("cannot write the event to the log file")
                    .with(LogKey.FILE, file)
                    .with(LogKey.EVENT, event.reason())
                    .with(LogKey.REASON, e)
                    .warn(LOG);
        }
    }

    /** The latest events of an ensemble that were published after the daemon started, oldest first. */
    public synchronized List<Published> of(EnsembleId id) {
        return List.copyOf(latest.getOrDefault(id, new ArrayDeque<>()));
    }

    private void write(EnsembleId id, Published published) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        EnsembleEvent event = published.event();
        String line = "%s %s %s %s: %s%n"
                .formatted(
                        published.at(),
                        event.warning() ? "Warning" : "Normal",
                        id,
                        event.reason(),
                        SafeText.of(event.message()));
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
