package dev.ensembled.local;

import dev.ensembled.reconciler.spec.EnsembleId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which server has which ports, kept in {@code ports.json}: clients and peers find a server by them, so it has them for
 * good. They lie below 32768, where Linux begins to give ports to outgoing connections, and start at a place that differs
 * by directory, so that two daemons on one machine rarely look at the same ones. Thread-safe.
 */
final class PortBook {
    private static final int LOWEST = 20_000;
    private static final int PLACES = 3_900;
    private static final int PER_SERVER = 3;

    private final JsonFile file;
    private final int start;
    private final SortedMap<String, SortedMap<Integer, Ports>> byEnsemble;

    /** The content of the file. */
    record Pages(SortedMap<String, SortedMap<Integer, Ports>> ensembles) {}

    PortBook(Path dir) throws IOException {
        this.file = new JsonFile(dir.resolve("ports.json"));
        this.start = Math.floorMod(dir.toAbsolutePath().normalize().hashCode(), PLACES / 10) * 10;
        this.byEnsemble =
                new TreeMap<>(file.read(Pages.class).map(Pages::ensembles).orElseGet(TreeMap::new));
    }

    /** The ports of an ensemble's servers, by id. */
    synchronized SortedMap<Integer, Ports> of(EnsembleId ensemble) {
        return new TreeMap<>(byEnsemble.getOrDefault(ensemble.toString(), new TreeMap<>()));
    }

    /**
     * Gives ports that are free now to those servers that have none.
     *
     * @param settled false while no server of the ensemble was ever started: then ports that somebody took meanwhile are
     *     exchanged for others
     */
    synchronized SortedMap<Integer, Ports> assign(EnsembleId ensemble, Collection<Integer> servers, boolean settled)
            throws IOException {
        SortedMap<Integer, Ports> ports = of(ensemble);
        if (!settled) {
            ports.values().removeIf(given -> given.taken().isPresent());
        }
        for (Integer server : servers) {
            if (!ports.containsKey(server)) {
                ports.put(server, free(ports.values()));
            }
        }
        if (!ports.equals(of(ensemble))) {
            byEnsemble.put(ensemble.toString(), ports);
            file.write(new Pages(byEnsemble));
        }
        return ports;
    }

    /** Ports that are free now and given to nobody, for a short use of them. */
    synchronized Ports spare() {
        return free(Set.of());
    }

    private Ports free(Collection<Ports> alsoGiven) {
        Set<Ports> given = new HashSet<>(alsoGiven);
        byEnsemble.values().forEach(servers -> given.addAll(servers.values()));
        for (int place = 0; place < PLACES; place++) {
            Ports candidate = Ports.from(LOWEST + (start + place) % PLACES * PER_SERVER);
            if (!given.contains(candidate) && candidate.taken().isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalStateException("no three free ports in a row between " + LOWEST + " and "
                + (LOWEST + PLACES * PER_SERVER) + ": end what listens there");
    }
}
