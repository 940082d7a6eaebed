package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.EnsembleId;

/** The sanity test of the ZooKeeper tutorial. Calls end within a deadline. */
public interface SanityTest {

    /**
     * Writes a fresh value through one server to a znode of ensembled's own, syncs and reads it back through another
     * (or the same, in an ensemble of one).
     *
     * @return Applied if the value came back, else {@link Outcome.SanityTestFailed}
     */
    Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader);
}
