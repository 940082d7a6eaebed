package dev.ensembled.reconciler.simulation.model;

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
 * What one observation reads from the API server.
 *
 * @param applied the pod template that ensembled applied last
 * @param actual the pod template of the StatefulSet, including edits by others
 * @param computed the newest revision that the controller has computed
 * @param pending whether the controller has not yet seen the newest StatefulSet
 * @param claimTemplateBytes the size in the volumeClaimTemplate
 */
public record ApiSnapshot(
        long at,
        List<Optional<Instance>> instances,
        List<Volume> volumes,
        Optional<ModelTemplate> applied,
        Optional<ModelTemplate> actual,
        Optional<Revision> computed,
        boolean pending,
        int replicas,
        long claimTemplateBytes,
        boolean serviceEdited,
        boolean ownBudget,
        List<Budget> budgets) {

    Optional<Revision> target() {
        return pending ? Optional.empty() : computed;
    }

    Optional<Instance> instance(int id) {
        return id <= instances.size() ? instances.get(id - 1) : Optional.empty();
    }

    /** The highest id with a replica or a pod. */
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

    List<ObjectState> objects(ModelTemplate wanted, int wantedReplicas, long bytes) {
        boolean first = applied.isEmpty();
        List<ObjectState> objects = new ArrayList<>();
        objects.add(object("Service", first ? State.MISSING : serviceEdited ? State.DRIFTED : State.CURRENT));
        objects.add(object("PodDisruptionBudget", first ? State.MISSING : ownBudget ? State.CURRENT : State.DRIFTED));
        objects.add(object("StatefulSet", statefulSet(wanted, wantedReplicas, bytes)));
        return objects;
    }

    private State statefulSet(ModelTemplate wanted, int wantedReplicas, long bytes) {
        if (applied.isEmpty()) {
            return State.MISSING;
        } else if (!actual.equals(applied)) {
            return State.DRIFTED;
        } else if (!actual.equals(Optional.of(wanted)) || replicas < wantedReplicas) {
            return State.OUTDATED;
        }
        return claimTemplateBytes == bytes ? State.CURRENT : State.LAGGING;
    }

    private static ObjectState object(String kind, State state) {
        return new ObjectState(kind, "kafka", state, List.of(), "");
    }
}
