package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.model.EnsembleId;

/** The sanity test of the ZooKeeper tutorial. Calls end within a deadline. */
public interface SanityTest {

    /**
     * Writes a new value through one server to a znode that ensembled owns, syncs and reads it back through another
     * server (or the same one, in an ensemble with one member).
     *
     * @return Applied if the value was read back, otherwise {@link Outcome.SanityTestFailed}
     */
    Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader);
}
