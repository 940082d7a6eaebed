package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Incident.Cause;

/** Lets incidents happen to the world. */
final class Happenings {
    private final World world;
    private final ModelStore store;

    Happenings(World world, ModelStore store) {
        this.world = world;
        this.store = store;
    }

    void happen(Incident incident) {
        world.tell(incident.toString());
        if (incident.is(Cause.PUSH)) {
            store.push(incident.kind());
        } else if (incident.kind().ofMember()) {
            toMember(incident, world.node(incident.member()));
        } else {
            toObjects(incident);
        }
    }

    private void toMember(Incident incident, Node node) {
        long until = world.now() + incident.lasting();
        switch (incident.kind()) {
            case KILL_POD -> world.pods.terminate(node);
            case CRASH -> world.pods.crash(node, incident.lasting() / 2);
            case FREEZE -> node.frozenUntil = Math.max(node.frozenUntil, until);
            case UNREADABLE -> node.unreadableUntil = Math.max(node.unreadableUntil, until);
            case PARTITION -> node.partitionedUntil = hasPeers(node) ? Math.max(node.partitionedUntil, until) : 0;
            case RECONFIG -> world.peers.reconfigure(node, incident.lasting());
            default -> throw new IllegalArgumentException("nothing of a member: " + incident);
        }
    }

    /** The only voter needs nobody. */
    private boolean hasPeers(Node node) {
        return !node.voter || world.nodes.stream().anyMatch(other -> other.voter && other != node);
    }

    private void toObjects(Incident incident) {
        switch (incident.kind()) {
            case LOSE_DATA -> {
                world.peers.forget();
                world.nodes.forEach(world.pods::terminate);
            }
            case FOREIGN_BUDGET -> world.api.addForeignBudget(incident.lasting());
            case EXHAUSTED_BUDGET -> world.api.exhaustBudget(incident.lasting());
            case DRIFT_SERVICE -> world.api.editService();
            case DRIFT_TEMPLATE -> world.api.editTemplate();
            case DELETE_BUDGET -> world.api.deleteBudget();
            case EDIT_SPEC -> store.edit(incident.lasting());
            default -> throw new IllegalArgumentException("nothing of an object: " + incident);
        }
    }
}
