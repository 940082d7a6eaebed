package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ObjectVersions;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.kubernetes.observe.DriftConflict;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.rollout.Gate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes objects match the manifests by server-side apply. Deletes nothing but ConfigMaps that no pod or template needs. */
public record ObjectChanges(KubernetesClient client, RecentWrites writes, DriftConflict contest) {
    private static final Outcome TAKEN = new Outcome.Applied();
    /** The kinds of objects that may exist in addition to the manifests. */
    private static final Set<String> KEPT = Set.of("PersistentVolumeClaim", "ConfigMap");

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(RecentWrites.FIELD_MANAGER)
            .build();

    /** Applies objects in the order of the manifests, then deletes what is surplus; ends at the first failure. */
    public Outcome apply(ObjectNames names, Manifests desired, List<ObjectState> objects) {
        for (HasMetadata wanted : desired.objects()) {
            Optional<ObjectState> state = objects.stream()
                    .filter(object -> object.kind().equals(wanted.getKind())
                            && object.name().equals(wanted.getMetadata().getName()))
                    .findFirst();
            if (state.isPresent()) {
                Outcome outcome =
                        ApiFailure.expecting("apply " + state.get().label(), () -> apply(names, wanted, state.get()));
                if (!outcome.isApplied()) {
                    return outcome;
                }
            }
        }
        for (ObjectState object : objects) {
            if (object.state() == State.SURPLUS) {
                ApiFailure.expecting("delete " + object.label(), () -> deleteSurplus(names, object));
            }
        }
        return markKept(names, desired, objects);
    }

    /** Marks the objects that are not applied, so that other tools do not prune them. */
    private Outcome markKept(ObjectNames names, Manifests desired, List<ObjectState> objects) {
        Set<String> applied = desired.objects().stream()
                .map(object -> object.getMetadata().getName())
                .collect(Collectors.toSet());
        List<ObjectState> kept = objects.stream()
                .filter(object -> object.state() == State.OUTDATED && KEPT.contains(object.kind()))
                .filter(object -> !applied.contains(object.name()))
                .toList();
        for (ObjectState object : kept) {
            Outcome outcome = ApiFailure.expecting("annotate " + object.label(), () -> mark(names, object));
            if (!outcome.isApplied()) {
                return outcome;
            }
        }
        return TAKEN;
    }

    private Outcome mark(ObjectNames names, ObjectState object) {
        String namespace = names.id().namespace();
        String uid = object.version().uid();
        return object.kind().equals("ConfigMap")
                ? mark(names, client.configMaps().inNamespace(namespace).withName(object.name()), uid)
                : mark(
                        names,
                        client.persistentVolumeClaims().inNamespace(namespace).withName(object.name()),
                        uid);
    }

    /** The mark is the same whatever else changes, as when a claim is bound: the UID is the only precondition. */
    private Outcome mark(ObjectNames names, Resource<? extends HasMetadata> there, String uid) {
        Map<String, Object> metadata = Map.of("metadata", Map.of("uid", uid, "annotations", OptOut.OF_OBJECTS));
        HasMetadata marked =
                there.patch(MERGE, client.getKubernetesSerialization().asJson(metadata));
        if (marked != null) {
            writes.wrote(names, marked);
            contest.repaired(RecentWrites.key(names, marked));
        }
        return TAKEN;
    }

    /**
     * Applies one object. It is read again before that, and must be as it was observed. The write has the version of that
     * read as its precondition, so that nothing can come in between.
     */
    private Outcome apply(ObjectNames names, HasMetadata wanted, ObjectState state) {
        Optional<HasMetadata> there =
                Optional.ofNullable(client.resource(wanted).get());
        if (there.filter(object -> !ours(names, object)).isPresent()) {
            return new Outcome.Blocked(
                    Gate.FOREIGN_OBJECT,
                    state.label()
                            + " already exists and is not managed by ensembled: rename the ensemble, or delete the object");
        }
        Optional<Outcome> stale = new ObservedObject(names, state.label(), state.version()).staleness(there, writes);
        if (stale.isPresent()) {
            return stale.get();
        }
        try {
            write(names, wanted, there);
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            if (!failure.invalid() || failure.isConflict() || there.isEmpty()) {
                throw e;
            }
            if (wanted instanceof Service service) {
                write(names, wanted, Optional.of(replacePorts(service, there.get())));
            } else if (wanted instanceof ConfigMap) {
                // The name is derived from the content, so this object was deleted and created again with other
                // content.
                client.resource(there.get()).lockResourceVersion().delete();
                write(names, wanted, Optional.empty());
            } else {
                return immutable(state, failure);
            }
        }
        if (state.state() == State.DRIFTED) {
            contest.repaired(RecentWrites.key(names, state.kind(), state.name()));
        }
        return TAKEN;
    }

    /**
     * Replaces the whole list of ports with a merge patch. Server-side apply identifies ports by their number: if another
     * client changed the number, it would add our port beside the changed one, and fail because both have the same name.
     */
    private HasMetadata replacePorts(Service wanted, HasMetadata there) {
        Service ports = Precondition.on(
                Optional.of(there),
                new ServiceBuilder()
                        .withNewMetadata()
                        .endMetadata()
                        .withNewSpec()
                        .withPorts(wanted.getSpec().getPorts())
                        .endSpec()
                        .build());
        return client.resource(wanted)
                .patch(MERGE, client.getKubernetesSerialization().asJson(ports));
    }

    private void write(ObjectNames names, HasMetadata wanted, Optional<HasMetadata> there) {
        writes.wrote(
                names,
                client.resource(Precondition.on(there, wanted))
                        .fieldManager(RecentWrites.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Deleting the object and creating it again would interrupt the ensemble: that is for a person to decide. */
    private static Outcome immutable(ObjectState state, ApiFailure failure) {
        boolean fixed =
                failure.message().contains("orbidden") || failure.message().contains("immutable");
        String fields = state.fields().isEmpty() ? "" : " (differs in " + String.join(", ", state.fields()) + ")";
        return fixed
                ? new Outcome.Blocked(
                        Gate.IMMUTABLE_FIELD,
                        "cannot update " + state.label() + ", which has immutable fields" + fields
                                + "; nothing was changed. Restore the previous value in the spec. API server: "
                                + failure.message())
                : new Outcome.Blocked(Gate.REFUSED_BY_API, "apply " + state.label() + ": " + failure.message());
    }

    private Outcome deleteSurplus(ObjectNames names, ObjectState object) {
        HasMetadata there = client.configMaps()
                .inNamespace(names.id().namespace())
                .withName(object.name())
                .get();
        boolean asObserved = there != null && ObjectVersions.of(there).equals(object.version()) && ours(names, there);
        if (asObserved && object.name().startsWith(names.configMapPrefix())) {
            client.resource(there).lockResourceVersion().delete();
            writes.removed(names, object.kind(), object.name());
        }
        return TAKEN;
    }

    /** Whether the object is ours: by its label, or by the mark of what we applied if another client removed the label. */
    private static boolean ours(ObjectNames names, HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return (labels != null && labels.entrySet().containsAll(names.selector().entrySet()))
                || (annotations != null && annotations.containsKey(Manifests.APPLIED));
    }
}
