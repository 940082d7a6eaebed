package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.kubernetes.observe.Volumes;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.Shape;
import dev.ensembled.reconciler.desired.StartPermitText;
import dev.ensembled.reconciler.rollout.Step;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps that change where members run and what they start with: start permits, fewer replicas, larger claims, and the
 * re-creation of the StatefulSet around its pods.
 */
public record StatefulSetOperations(KubernetesClient client, RecentWrites writes) {
    private static final Outcome TAKEN = new Outcome.Applied();
    private static final Duration GONE_WITHIN = Duration.ofSeconds(8);
    private static final long POLL_MILLIS = 100;

    /** Gives a pod its start permit, if it still is as it was observed. */
    public Outcome permit(ObjectNames names, Step.PermitStart step) {
        String text = StartPermitText.text(step.permit(), step.member(), step.membership(), names::endpoint);
        Map<String, Object> metadata = new TreeMap<>(Map.of(
                "uid", step.instance().uid(),
                "resourceVersion", step.instance().version(),
                "annotations", Map.of(StartPermitText.KEY, text)));
        return ApiFailure.expecting(step.describe(), () -> {
            Pod patched = client.pods()
                    .inNamespace(names.id().namespace())
                    .withName(step.instance().name())
                    .patch(merge(), json(Map.of("metadata", metadata)));
            if (patched == null) {
                return new Outcome.Stale("pod " + step.instance().name() + " no longer exists");
            }
            writes.wrote(names, patched);
            return TAKEN;
        });
    }

    /**
     * Removes replicas, from the highest ordinal on; their claims stay. Only if the StatefulSet still is as it was
     * observed.
     */
    public Outcome scaleDown(Desired desired, Shape shape, Step.ScaleDown scaleDown) {
        ObjectNames names = new ObjectNames(desired.id());
        Optional<StatefulSet> live = set(names);
        String seen = scaleDown.observed().version();
        if (live.filter(set -> version(set).equals(seen)).isEmpty()) {
            return new Outcome.Stale("StatefulSet/" + names.statefulSet() + " changed since it was observed");
        }
        HasMetadata fewer =
                setOf(Manifests.of(desired, new Shape(scaleDown.replicas(), shape.claimBytes(), shape.credentials())));
        return ApiFailure.expecting(scaleDown.describe(), () -> apply(names, live, fewer));
    }

    /** Whether the StatefulSet still is the one on which a scale-down was decided. */
    public boolean isAsObserved(ObjectNames names, Step.ScaleDown scaleDown) {
        return set(names)
                .map(StatefulSetOperations::version)
                .filter(scaleDown.observed().version()::equals)
                .isPresent();
    }

    /** Raises the size that a claim requests, if it still requests the observed size: no volume can shrink. */
    public Outcome expand(ObjectNames names, Step.Expand expand) {
        return ApiFailure.expecting(expand.describe(), () -> {
            Resource<PersistentVolumeClaim> claim = client.persistentVolumeClaims()
                    .inNamespace(names.id().namespace())
                    .withName(expand.volume().claim());
            PersistentVolumeClaim read = claim.get();
            if (read == null || Volumes.requestedBytes(read) != expand.volume().requestedBytes()) {
                return new Outcome.Stale(
                        "claim " + expand.volume().claim() + " changed since it was observed; expected "
                                + "a request of " + expand.volume().requestedBytes() + " bytes");
            }
            Map<String, Object> request =
                    Map.of("resources", Map.of("requests", Map.of("storage", "" + expand.bytes())));
            PersistentVolumeClaim patched =
                    claim.patch(merge(), json(Map.of("metadata", Precondition.metadata(read), "spec", request)));
            if (patched == null) {
                return new Outcome.Stale("claim " + expand.volume().claim() + " no longer exists");
            }
            writes.wrote(names, patched);
            return TAKEN;
        });
    }

    /**
     * Deletes the StatefulSet without its pods, and applies it again; it adopts the pods by their labels. A daemon that is
     * killed in between leaves a missing StatefulSet, and the next cycle applies it.
     */
    public Outcome rebuild(Desired desired, Shape shape, Step.RecreateStatefulSet rebuild) {
        ObjectNames names = new ObjectNames(desired.id());
        HasMetadata anew = setOf(Manifests.of(desired, new Shape(shape.places(), Map.of(), shape.credentials())));
        return ApiFailure.expecting(rebuild.describe(), () -> {
            Optional<StatefulSet> live = set(names);
            // A daemon that was killed in between has deleted it.
            Optional<Outcome> stale = live.flatMap(
                    set -> new ObservedObject(names, "StatefulSet/" + names.statefulSet(), rebuild.observed())
                            .staleness(live, writes));
            if (stale.isPresent()) {
                return stale.get();
            }
            if (live.isPresent()) {
                orphan(names, live.get());
                if (!isGone(names, live.get())) {
                    return new Outcome.Stale("StatefulSet/" + names.statefulSet() + " is not deleted yet");
                }
            }
            writes.removed(names, "StatefulSet", names.statefulSet());
            return apply(names, Optional.empty(), anew);
        });
    }

    private void orphan(ObjectNames names, StatefulSet live) {
        client.raw(
                "/apis/apps/v1/namespaces/" + names.id().namespace() + "/statefulsets/" + names.statefulSet(),
                "DELETE",
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withKind("DeleteOptions")
                        .withPropagationPolicy("Orphan")
                        .withNewPreconditions()
                        .withUid(live.getMetadata().getUid())
                        .withResourceVersion(version(live))
                        .endPreconditions()
                        .build());
    }

    private boolean isGone(ObjectNames names, StatefulSet deleted) {
        String uid = deleted.getMetadata().getUid();
        long end = System.nanoTime() + GONE_WITHIN.toNanos();
        while (set(names).filter(set -> set.getMetadata().getUid().equals(uid)).isPresent()) {
            if (System.nanoTime() > end || !slept()) {
                return false;
            }
        }
        return true;
    }

    private static boolean slept() {
        try {
            Thread.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Outcome apply(ObjectNames names, Optional<StatefulSet> read, HasMetadata wanted) {
        writes.wrote(
                names,
                client.resource(Precondition.on(read, wanted))
                        .fieldManager(RecentWrites.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
        return TAKEN;
    }

    private Optional<StatefulSet> set(ObjectNames names) {
        return Optional.ofNullable(client.apps()
                .statefulSets()
                .inNamespace(names.id().namespace())
                .withName(names.statefulSet())
                .get());
    }

    private static HasMetadata setOf(Manifests manifests) {
        return manifests.objects().stream()
                .filter(StatefulSet.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    public static String version(StatefulSet set) {
        return set.getMetadata().getResourceVersion();
    }

    private static PatchContext merge() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(RecentWrites.FIELD_MANAGER)
                .build();
    }

    private String json(Object value) {
        return client.getKubernetesSerialization().asJson(value);
    }
}
