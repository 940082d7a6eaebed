package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.rollout.Step;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What is asked of ZooKeeper itself, as its super user. Each call ends within a deadline of its own, and may throw a
 * {@link dev.ensembled.reconciler.cycle.RetryLaterException}. Used by many threads.
 */
public interface Administration {

    /**
     * Changes the committed membership.
     *
     * @param endpoints where each server is found, by its id
     * @param passwords of the super user, the newest first: a server that was not restarted since they were rotated takes
     *     the previous one
     */
    Outcome reconfigure(Step.Reconfigure step, IntFunction<Endpoint> endpoints, List<String> passwords);

    /**
     * Has a server write a snapshot of its data.
     *
     * @param adminPort at which its AdminServer listens
     */
    Outcome snapshot(Step.Snapshot step, int adminPort, List<String> passwords);
}
