package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.rollout.Step;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Requests to ZooKeeper itself, as its super user. Each call ends within its own deadline, and may throw a
 * {@link dev.ensembled.reconciler.cycle.RetryLaterException}. Thread-safe.
 */
public interface Administration {

    /**
     * Changes the committed configuration.
     *
     * @param endpoints the endpoints of each server, by its id
     * @param passwords of the super user, the newest first: a server that has not been restarted since a rotation accepts
     *     the previous one
     */
    Outcome reconfigure(Step.Reconfigure step, IntFunction<Endpoint> endpoints, List<String> passwords);

    /**
     * Makes a server write a snapshot of its data.
     *
     * @param adminPort the port on which its AdminServer listens
     */
    Outcome snapshot(Step.Snapshot step, int adminPort, List<String> passwords);
}
