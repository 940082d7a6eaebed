package dev.ensembled.kubernetes.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.kubernetes.client.ObjectVersions;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Drift;
import dev.ensembled.reconciler.desired.Drift.Difference;
import dev.ensembled.reconciler.desired.FieldOwner;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the objects that should exist with those that do. Pure.
 *
 * <ol>
 *   <li>An object that does not exist is missing; it has drifted (was deleted) if the ensemble has been bootstrapped. Of
 *       ConfigMaps, whose names change with their content, only those that the StatefulSet names count as having existed.
 *   <li>An object that was applied from other manifests is outdated.
 *   <li>A StatefulSet that is as wanted except for the size of its claims lags: it has to be re-created.
 *   <li>An object that was applied from these manifests and differs has drifted; it is in a drift conflict if that keeps happening.
 *   <li>Changes that admission makes to the pod template are neither: pods are created by the same rules, and a repair
 *       would not help.
 *   <li>Claims, and ConfigMaps that only older pods need, are not applied. If they lack the mark that other tools must not
 *       prune them, they are outdated.
 *   <li>A ConfigMap of ours that no pod and no template needs any more is surplus, once the StatefulSet is settled.
 * </ol>
 *
 * @param lagging whether the StatefulSet's claims would have to be larger
 */
public record ObjectStates(
        ObjectNames names, EnsembleObjects live, boolean formed, boolean lagging, DriftConflict conflict) {

    public List<ObjectState> of(Manifests desired) {
        List<ObjectState> states =
                new ArrayList<>(desired.objects().stream().map(this::state).toList());
        boolean settled = states.stream().allMatch(state -> state.state() == State.CURRENT)
                && live.statefulSet().filter(ObjectStates::observed).isPresent();
        if (settled) {
            surplus(desired).forEach(states::add);
        }
        unmarked(states).forEach(states::add);
        return states;
    }

    /** Whether the StatefulSet controller has observed the newest spec. */
    public static boolean observed(StatefulSet set) {
        return set.getStatus() != null
                && Objects.equals(
                        set.getStatus().getObservedGeneration(),
                        set.getMetadata().getGeneration());
    }

    private ObjectState state(HasMetadata wanted) {
        String kind = wanted.getKind();
        String name = wanted.getMetadata().getName();
        Optional<HasMetadata> found = live.find(kind, name);
        if (found.isEmpty()) {
            return new ObjectState(kind, name, absent(wanted), List.of(), "");
        }
        return state(wanted, found.get()).in(ObjectVersions.of(found.get()));
    }

    private ObjectState state(HasMetadata wanted, HasMetadata found) {
        String kind = wanted.getKind();
        String name = wanted.getMetadata().getName();
        JsonNode there = CanonicalJson.tree(found);
        List<Difference> differences = Drift.between(CanonicalJson.tree(wanted), there).stream()
                .filter(difference -> !isByAdmission(difference, there))
                .toList();
        boolean sameWish = Objects.equals(applied(wanted), applied(found));
        List<String> paths = differences.stream().map(Difference::path).toList();
        if (!sameWish) {
            return new ObjectState(kind, name, State.OUTDATED, paths, "");
        }
        if (differences.isEmpty()) {
            return lagging && found instanceof StatefulSet
                    ? new ObjectState(kind, name, State.LAGGING, List.of("spec.volumeClaimTemplates"), "")
                    : new ObjectState(kind, name, State.CURRENT, List.of(), "");
        }
        String changedBy = differences.stream()
                .flatMap(difference -> FieldOwner.of(difference, there, RecentWrites.FIELD_MANAGER).stream())
                .findFirst()
                .orElse("");
        return new ObjectState(kind, name, driftedOrInConflict(kind, name), paths, changedBy);
    }

    private State absent(HasMetadata wanted) {
        String name = wanted.getMetadata().getName();
        boolean wasThere = formed && (!(wanted instanceof ConfigMap) || needed().contains(name));
        return wasThere ? driftedOrInConflict(wanted.getKind(), name) : State.MISSING;
    }

    private State driftedOrInConflict(String kind, String name) {
        return conflict.isInConflict(RecentWrites.key(names, kind, name)) ? State.DRIFT_CONFLICT : State.DRIFTED;
    }

    private static boolean isByAdmission(Difference difference, JsonNode there) {
        return difference.path().startsWith("spec.template.")
                && FieldOwner.isOnly(RecentWrites.FIELD_MANAGER, difference, there);
    }

    /** Returns the objects that are kept in addition to the manifests and lack the mark for other tools. */
    private List<ObjectState> unmarked(List<ObjectState> states) {
        Set<String> known = states.stream().map(ObjectState::label).collect(Collectors.toSet());
        return live.kept(names)
                .filter(object -> !OptOut.isSaidBy(object.getMetadata().getAnnotations()))
                .map(this::unmarked)
                .filter(state -> !known.contains(state.label()))
                .toList();
    }

    private ObjectState unmarked(HasMetadata object) {
        State state = conflict.isInConflict(RecentWrites.key(names, object)) ? State.DRIFT_CONFLICT : State.OUTDATED;
        String name = object.getMetadata().getName();
        return new ObjectState(object.getKind(), name, state, List.of("metadata.annotations"), "")
                .in(ObjectVersions.of(object));
    }

    private List<ObjectState> surplus(Manifests desired) {
        Set<String> needed = needed();
        desired.objects().forEach(object -> needed.add(object.getMetadata().getName()));
        return live.configMaps().stream()
                .filter(map -> map.getMetadata().getName().startsWith(names.configMapPrefix()))
                .filter(map -> !needed.contains(map.getMetadata().getName()))
                .map(map -> new ObjectState("ConfigMap", map.getMetadata().getName(), State.SURPLUS, List.of(), "")
                        .in(ObjectVersions.of(map)))
                .toList();
    }

    private Set<String> needed() {
        Set<String> needed = new HashSet<>();
        live.statefulSet()
                .ifPresent(set -> addConfigMaps(set.getSpec().getTemplate().getSpec(), needed));
        live.pods().forEach(pod -> addConfigMaps(pod.getSpec(), needed));
        return needed;
    }

    private static void addConfigMaps(PodSpec pod, Set<String> names) {
        for (Volume volume : pod.getVolumes()) {
            if (volume.getConfigMap() != null) {
                names.add(volume.getConfigMap().getName());
            }
        }
    }

    private static String applied(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Manifests.APPLIED);
    }
}
