package dev.ensembled.leadership;

import dev.ensembled.reconciler.cycle.RetryLaterException;
import java.util.Optional;

/** Asked immediately before each call that changes anything outside of this process. Thread-safe, and quick. */
@FunctionalInterface
public interface Fence {

    /** Why this replica must not change anything at this moment; empty if it may. */
    Optional<String> refusal();

    /**
     * Does nothing if this replica may change something at this moment.
     *
     * @param doing what is about to be done, for the message
     * @throws RetryLaterException if it must not
     */
    default void check(String doing) {
        refusal().ifPresent(reason -> {
            throw new RetryLaterException(doing + " not begun: " + reason, null);
        });
    }
}
