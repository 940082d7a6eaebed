package dev.ensembled.reconciler.conformance;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.util.function.BooleanSupplier;

/** ZooKeeper servers, real or modelled, with everything that a scenario does to them and reads from them. */
public interface EnsembleUnderTest {

    /** The answer to a reconfiguration. */
    enum Answer {
        COMMITTED("committed"),
        BAD_VERSION("BadVersion"),
        NO_QUORUM("NewConfigNoQuorum"),
        NONE("none");

        private final String word;

        Answer(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Starts the members of a new ensemble with empty databases. */
    void bootstrap(Membership membership);

    /** Starts a server with an empty disk, as an observer beside these members. */
    void join(int id, Membership members);

    void start(int id);

    void kill(int id);

    void freeze(int id);

    void thaw(int id);

    /** Deletes what is on the disk of a server that does not run. */
    void wipe(int id);

    /** Asks a server for a reconfiguration, with the version of {@code from} as precondition. */
    Answer reconfigure(int asked, Membership from, Membership to);

    /** Writes through a server; returns whether the write was acknowledged. */
    boolean write(int via);

    /** Returns whether a serving server has every write that was acknowledged. */
    boolean hasEveryWrite(int id);

    /** Reads the state of a server. A server that was never started is down. */
    Server probe(int id);

    /** Waits until something holds; returns false if it does not hold after minutes. */
    boolean await(BooleanSupplier condition);

    /** Returns whether something holds for longer than an election takes. */
    boolean lasts(BooleanSupplier condition);
}
