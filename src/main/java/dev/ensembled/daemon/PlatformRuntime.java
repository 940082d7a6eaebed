package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.local.Endpoints;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The platform on which ensembles run, and its store. */
interface PlatformRuntime extends AutoCloseable {

    Platform platform();

    EnsembleStore store();

    /** What the platform knows about changes without making them. */
    DryRun dryRun();

    /** Decides what the clients of the API may do. */
    Authorizer authorizer();

    /**
     * Returns the record of the last accepted commit of a source, in a place that survives the daemon.
     *
     * @param installation the name of this daemon, which no other daemon in the same place has
     * @param source the name of the source
     */
    AcceptedCommits acceptedCommits(String installation, String source);

    /** Returns all passwords of the ensemble's super user that one of its servers may know, the newest first. */
    List<String> superPasswords(EnsembleId id);

    /** Decides whether this replica may act. */
    Leadership leadership();

    /** Reads what a replica that led before may have written last. Called once, before this replica acts. */
    default void catchUp() {}

    /** Starts to watch; reports every ensemble of which anything changed, on any thread. */
    void watch(Consumer<EnsembleId> changed);

    /** Whether the whole store has been read once. Before that, nothing follows from what is absent. */
    default boolean complete() {
        return true;
    }

    /** Returns why this replica must not act now, for example because the platform cannot be reached; empty if it may. */
    Optional<String> problem();

    /** Handles that the store no longer contains this ensemble: ends what still runs of it, if nothing else does. */
    default void gone(EnsembleId id) {}

    /** Returns the process ids of an ensemble by member, if the platform runs them as local processes. */
    default Map<Integer, Long> pids(EnsembleId id) {
        return Map.of();
    }

    /** Returns the addresses that the servers of an ensemble offer over HTTP, by member and name, on the local platform. */
    default Map<Integer, SortedMap<String, String>> services(EnsembleId id) {
        return Map.of();
    }

    /** Publishes the addresses for scripts, if the platform has a place for them. */
    default void publish(Endpoints.Content content) {}

    @Override
    void close();
}
