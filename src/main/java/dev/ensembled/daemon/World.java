package dev.ensembled.daemon;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.spec.EnsembleId;
import java.util.Optional;
import java.util.function.Consumer;

/** What ensembles run on, with the store that goes with it. */
interface World extends AutoCloseable {

    Platform platform();

    EnsembleStore store();

    /** Starts to watch; tells of every ensemble that something changed about, from any thread. */
    void watch(Consumer<EnsembleId> changed);

    /** Why this replica may not act now, such as a platform that is out of reach; empty if it may. */
    Optional<String> problem();

    @Override
    void close();
}
