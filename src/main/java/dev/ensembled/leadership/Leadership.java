package dev.ensembled.leadership;

import java.util.Optional;

/**
 * Whether this replica leads. A process leads at most once: it follows, it leads, and it ends when another replica leads
 * after it (docs/decisions/0027-leadership-by-a-lease.md). Thread-safe.
 */
public interface Leadership extends Fence, AutoCloseable {

    /** Called on the election's thread. */
    interface Listener {
        /** This replica leads from now on; called once. */
        void leads();

        /** Another replica leads after this one: this process must end. */
        void lost();

        /** A replica that does not lead passed a hint on. */
        void hinted(Hint hint);
    }

    /** Begins to take part; the listener is called until {@link #close}. */
    void start(Listener listener);

    /** Whether this replica has become the leader, even if it may not act at this moment. */
    boolean isLeading();

    /** The replica that leads as far as this one knows, for people; empty if none is known. */
    Optional<String> leader();

    /** Why no replica can be chosen, and what to do; empty if nothing is wrong. */
    Optional<String> problem();

    /** Passes a hint on to the replica that leads; a hint that cannot be passed on is lost. Does not block. */
    void pass(Hint hint);

    /**
     * Ends taking part: this replica may not act from now on.
     *
     * @param atRest whether all work has ended, so that another replica may lead at once
     */
    void close(boolean atRest);

    /** Ends taking part without handing over: another replica leads when the lease has expired. */
    @Override
    default void close() {
        close(false);
    }
}
