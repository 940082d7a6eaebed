package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import java.util.Optional;

/** How a history has to end, once nothing happens any more: done, or held for the true reason. */
final class Ending {
    private final History history;
    private final World world;
    private final ModelStore store;

    Ending(History history, World world, ModelStore store) {
        this.history = history;
        this.world = world;
        this.store = store;
    }

    void require(Optional<Decision> last) {
        Decision decision = last.orElseThrow(() -> new Violation("nothing was decided in the end"));
        boolean holds = decision instanceof Decision.Done ? everythingIsAsWanted() : mayBeHeldBy(decision);
        if (!holds) {
            throw new Violation("the end is " + decision);
        }
    }

    private boolean everythingIsAsWanted() {
        return world.peers.leader().isPresent()
                && world.nodes.stream()
                        .allMatch(node ->
                                node.serves(world.now()) && node.ready && node.template.equals(store.template()));
    }

    private boolean mayBeHeldBy(Decision decision) {
        if (decision instanceof Decision.Refused) {
            return store.spec().voters() != history.voters();
        } else if (decision instanceof Wait wait) {
            return (wait.gate().equals("paused") && store.spec().rollout().paused())
                    || (wait.gate().equals("quorum") && history.voters() == 2)
                    || (wait.reason().contains("has no instance")
                            && store.spec().voters() != history.voters());
        } else if (decision instanceof Stalled stalled) {
            return stalledForTheTruth(stalled);
        }
        return false;
    }

    private boolean stalledForTheTruth(Stalled stalled) {
        if (stalled.gate().equals("data-behind")) {
            return history.has(Incident.Kind.LOSE_DATA);
        } else if (stalled.gate().equals("member-role")) {
            return store.spec().voters() != history.voters();
        }
        return stalled.gate().equals("member-down")
                && world.nodes.stream()
                        .filter(node -> !node.serves(world.now()) && !node.template.good())
                        .anyMatch(node -> node.template.equals(store.template())
                                || stalled.reason().contains("end the pause"));
    }
}
