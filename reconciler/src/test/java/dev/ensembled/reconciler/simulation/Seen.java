package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a look reads from the API.
 *
 * @param applied the template that ensembled applied last
 * @param actual the template that the set has
 * @param controller the template that the set's controller has worked out
 * @param pending whether the controller has not seen the newest set yet
 * @param bytesOfSet the size of the set's claims
 */
record Seen(
        long at,
        List<Optional<Instance>> instances,
        List<Volume> volumes,
        Optional<Template> applied,
        Optional<Template> actual,
        Optional<Template> controller,
        boolean pending,
        int replicas,
        long bytesOfSet,
        boolean serviceEdited,
        boolean ownBudget,
        List<Budget> budgets) {

    Optional<Revision> target() {
        return pending ? Optional.empty() : controller.map(Template::revision);
    }

    Optional<Instance> instance(int id) {
        return id <= instances.size() ? instances.get(id - 1) : Optional.empty();
    }

    /** The highest place that has a pod. */
    int highest() {
        int highest = replicas;
        for (int id = instances.size(); id > highest; id--) {
            if (instances.get(id - 1).isPresent()) {
                highest = id;
            }
        }
        return highest;
    }

    boolean remains() {
        return applied.isPresent() || !volumes.isEmpty() || highest() > 0;
    }

    List<ObjectState> objects(Template wanted, int places, long bytes) {
        boolean first = applied.isEmpty();
        List<ObjectState> objects = new ArrayList<>();
        objects.add(object("Service", first ? State.MISSING : serviceEdited ? State.DRIFTED : State.CURRENT));
        objects.add(object("PodDisruptionBudget", first ? State.MISSING : ownBudget ? State.CURRENT : State.DRIFTED));
        objects.add(object("StatefulSet", set(wanted, places, bytes)));
        return objects;
    }

    private State set(Template wanted, int places, long bytes) {
        if (applied.isEmpty()) {
            return State.MISSING;
        } else if (!actual.equals(applied)) {
            return State.DRIFTED;
        } else if (!actual.equals(Optional.of(wanted)) || replicas < places) {
            return State.OUTDATED;
        }
        return bytesOfSet == bytes ? State.CURRENT : State.LAGGING;
    }

    private static ObjectState object(String kind, State state) {
        return new ObjectState(kind, "kafka", state, List.of(), "");
    }
}
