package dev.ensembled.daemon;

import dev.ensembled.local.Endpoints;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.spec.EnsembleId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** What ensembles run on, with the store that goes with it. */
interface PlatformRuntime extends AutoCloseable {

    Platform platform();

    EnsembleStore store();

    /** All passwords of an ensemble's super user that a server of it may know, the newest first. */
    List<String> superPasswords(EnsembleId id);

    /** Starts to watch; tells of every ensemble that something changed about, from any thread. */
    void watch(Consumer<EnsembleId> changed);

    /** Whether the store has been read as a whole once. Before that, nothing follows from what is absent. */
    default boolean complete() {
        return true;
    }

    /** Why this replica may not act now, such as a platform that is out of reach; empty if it may. */
    Optional<String> problem();

    /** The store no longer has this ensemble, and what runs of it is to end where nothing else ends it. */
    default void gone(EnsembleId id) {}

    /** The processes of an ensemble by member, where they are ours. */
    default Map<Integer, Long> pids(EnsembleId id) {
        return Map.of();
    }

    /** The addresses of what the servers of an ensemble offer over HTTP, by member and name, where they are ours. */
    default Map<Integer, SortedMap<String, String>> services(EnsembleId id) {
        return Map.of();
    }

    /** Tells scripts where everything is, where there is a place for that. */
    default void publish(Endpoints.Content content) {}

    @Override
    void close();
}
