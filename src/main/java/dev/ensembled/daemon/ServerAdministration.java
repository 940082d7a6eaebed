package dev.ensembled.daemon;

import dev.ensembled.kubernetes.client.Administration;
import dev.ensembled.leadership.Fence;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.zookeeper.Reconfigurer;
import dev.ensembled.zookeeper.SnapshotRequest;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The requests of the Kubernetes platform to ZooKeeper, carried out by the ZooKeeper package.
 *
 * @param fence is asked before each request
 */
record ServerAdministration(Reconfigurer reconfigurer, SnapshotRequest snapshots, Fence fence)
        implements Administration {

    @Override
    public Outcome reconfigure(Step.Reconfigure step, IntFunction<Endpoint> endpoints, List<String> passwords) {
        fence.check(step.describe());
        return reconfigurer.reconfigure(step.leader(), step.from(), step.to(), endpoints, passwords);
    }

    @Override
    public Outcome snapshot(Step.Snapshot step, int adminPort, List<String> passwords) {
        fence.check(step.describe());
        return snapshots.take(new HostPort(step.server().host(), adminPort), passwords);
    }
}
