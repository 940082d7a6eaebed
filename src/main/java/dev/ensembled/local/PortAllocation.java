package dev.ensembled.local;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.file.UnreadableFileException;
import dev.ensembled.local.process.Directories;
import dev.ensembled.local.process.Ports;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The ports of each server, stored in {@code ports.json}. They are permanent, because clients and peers find a server by
 * them. They are below 32768, where Linux begins to assign ports to outgoing connections, and start at an offset that
 * depends on the directory, so that two daemons on one machine rarely try the same ports. Thread-safe.
 */
final class PortAllocation {
    private static final Logger LOG = Logger.getLogger(PortAllocation.class);
    private static final int LOWEST = 20_000;
    private static final int PORT_RANGES = 2_300;

    private final JsonFile file;
    private final int start;
    private final SortedMap<String, SortedMap<Integer, Ports>> byEnsemble;
    /** Ensembles that have data and whose ports are lost. */
    private final Set<EnsembleId> lost = new HashSet<>();

    /** The content of the file. */
    record Content(SortedMap<String, SortedMap<Integer, Ports>> ensembles) {
        Content {
            ensembles = new TreeMap<>(ensembles);
        }
    }

    private PortAllocation(Path dir, SortedMap<String, SortedMap<Integer, Ports>> byEnsemble) {
        this.file = file(dir);
        this.start = Math.floorMod(dir.toAbsolutePath().normalize().hashCode(), PORT_RANGES / 10) * 10;
        this.byEnsemble = byEnsemble;
    }

    /**
     * The book of a state directory. If the file is lost or cannot be read, it is written again from the memberships that
     * the servers keep. An ensemble whose servers keep no membership gets no ports, because other ports than before would
     * split it.
     */
    static PortAllocation open(Path dir, Directories directories) throws IOException {
        Optional<Content> pages = Optional.empty();
        try {
            pages = file(dir).read(Content.class);
        } catch (UnreadableFileException e) {
            LogEntry.of("ports file unreadable, recovering the ports from the servers' directories")
                    .with(LogKey.REASON, e.getMessage())
                    .error(LOG);
            file(dir).putAside();
        }
        PortAllocation book =
                new PortAllocation(dir, pages.map(Content::ensembles).orElseGet(TreeMap::new));
        if (pages.isEmpty()) {
            book.recover(directories);
        }
        return book;
    }

    private static JsonFile file(Path dir) {
        return new JsonFile(
                dir.resolve("ports.json"), "It is recreated from the memberships that the servers have stored");
    }

    private void recover(Directories directories) throws IOException {
        for (EnsembleId ensemble : directories.ensembles()) {
            SortedMap<Integer, Ports> ports = new PortRecovery(directories).of(ensemble);
            if (!ports.isEmpty()) {
                byEnsemble.put(ensemble.toString(), ports);
            } else if (!directories.withData(ensemble).isEmpty()) {
                lost.add(ensemble);
            }
        }
        if (!byEnsemble.isEmpty()) {
            file.write(new Content(byEnsemble));
        }
    }

    /** The ports of an ensemble's servers, by server id. */
    synchronized SortedMap<Integer, Ports> of(EnsembleId ensemble) {
        return new TreeMap<>(byEnsemble.getOrDefault(ensemble.toString(), new TreeMap<>()));
    }

    /**
     * Assigns ports that are free now to the servers that have none.
     *
     * @param settled false if no server of the ensemble has been started yet: then ports that another process has taken
     *     meanwhile are replaced
     */
    synchronized SortedMap<Integer, Ports> assign(EnsembleId ensemble, Collection<Integer> servers, boolean settled)
            throws IOException {
        if (lost.contains(ensemble)) {
            throw new IOException(
                    "the ports of " + ensemble + " are lost: " + file.path()
                            + " could not be read, and no server of the ensemble has stored a membership. Restore the file from a backup");
        }
        SortedMap<Integer, Ports> ports = of(ensemble);
        if (!settled) {
            ports.values().removeIf(given -> given.portInUse().isPresent());
        }
        for (Integer server : servers) {
            Ports given = ports.get(server);
            if (given == null) {
                ports.put(server, free(ports.values()));
            } else if (!given.isComplete()) {
                ports.put(server, given.completedFrom(free(ports.values())));
            }
        }
        if (!ports.equals(of(ensemble))) {
            byEnsemble.put(ensemble.toString(), ports);
            file.write(new Content(byEnsemble));
        }
        return ports;
    }

    /** Ports that are free now and assigned to no server. */
    Ports free(Collection<Ports> alsoGiven) {
        Set<Integer> given = new HashSet<>();
        alsoGiven.forEach(ports -> given.addAll(ports.all()));
        byEnsemble.values().forEach(servers -> servers.values().forEach(ports -> given.addAll(ports.all())));
        for (int range = 0; range < PORT_RANGES; range++) {
            Ports candidate = Ports.from(LOWEST + (start + range) % PORT_RANGES * Ports.PER_SERVER);
            if (candidate.all().stream().noneMatch(given::contains)
                    && candidate.portInUse().isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalStateException("no " + Ports.PER_SERVER + " consecutive free ports between " + LOWEST + " and "
                + (LOWEST + PORT_RANGES * Ports.PER_SERVER) + ": stop processes that listen on these ports");
    }
}
