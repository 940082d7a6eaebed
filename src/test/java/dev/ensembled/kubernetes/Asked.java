package dev.ensembled.kubernetes;

import dev.ensembled.kubernetes.client.Administration;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.zookeeper.Reconfigurer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Reconfigures real servers, and records the snapshot requests. */
final class Asked implements Administration {
    final List<String> snapshots = new ArrayList<>();
    private final Reconfigurer reconfigurer = new Reconfigurer();

    @Override
    public Outcome reconfigure(Step.Reconfigure step, IntFunction<Endpoint> endpoints, List<String> passwords) {
        return reconfigurer.reconfigure(step.leader(), step.from(), step.to(), endpoints, passwords);
    }

    @Override
    public Outcome snapshot(Step.Snapshot step, int adminPort, List<String> passwords) {
        snapshots.add("member " + step.member() + " at port " + adminPort + " with " + passwords.size() + " passwords");
        return new Outcome.Applied();
    }
}
