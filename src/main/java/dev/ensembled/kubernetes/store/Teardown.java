package dev.ensembled.kubernetes.store;

import dev.ensembled.kubernetes.act.Claims;
import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.kubernetes.client.FreshObjects;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Removes an ensemble whose spec says {@code deletionPolicy: Delete} after its resource was deleted. Volumes stay, because
 * the StatefulSet retains its claims, unless its spec says {@code storage.deletionPolicy: Delete} too.
 */
public record Teardown(KubernetesClient client) {
    public static final String FINALIZER = "ensembled.dev/teardown";

    private static final Logger LOG = Logger.getLogger(Teardown.class);

    /** Returns the finalizers of a resource, including ours. */
    static Set<String> withFinalizer(GenericKubernetesResource resource) {
        Set<String> finalizers = new TreeSet<>(finalizers(resource));
        finalizers.add(FINALIZER);
        return finalizers;
    }

    static Set<String> withoutFinalizer(GenericKubernetesResource resource) {
        Set<String> finalizers = new TreeSet<>(finalizers(resource));
        finalizers.remove(FINALIZER);
        return finalizers;
    }

    static List<String> finalizers(GenericKubernetesResource resource) {
        return Objects.requireNonNullElse(resource.getMetadata().getFinalizers(), List.of());
    }

    /**
     * Whether the ensemble has to be removed with its resource. If a person deletes a resource that Git still defines, that
     * is a mistake, or a wish to have it created again: Git restores it, and the servers are not affected. An orphaned
     * ensemble is not defined by Git any more, and its status says that deleting the resource removes it.
     *
     * @param git whether ensembled has a Git source
     */
    static boolean wanted(GenericKubernetesResource resource, boolean git) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of());
        boolean definedByGit = git
                && SourceAnnotations.read(annotations)
                        .filter(source -> !SourceState.Orphaned.name().equals(source.state()))
                        .isPresent();
        return Lifecycle.saysDelete(resource)
                && (FileAnnotations.without(resource.getMetadata()).containsKey(SourceAnnotations.REMOVED_BY)
                        || !definedByGit);
    }

    /**
     * Deletes all objects of ours that have to be removed; returns true once none of them is left. Objects are read before
     * the resource is checked, and deleted by their UID: those of another ensemble that gets the name later are not touched.
     *
     * @param isStillDeleted whether exactly this resource still exists and is being deleted
     */
    boolean proceed(ObjectNames names, GenericKubernetesResource resource, BooleanSupplier isStillDeleted) {
        return objectsAreGone(names, isStillDeleted)
                && (!Lifecycle.saysDeleteVolumes(resource) || volumesAreDeleted(names, isStillDeleted));
    }

    private boolean volumesAreDeleted(ObjectNames names, BooleanSupplier isStillDeleted) {
        Claims claims = new Claims(client);
        List<PersistentVolumeClaim> read = claims.of(names, member -> true);
        return read.isEmpty()
                || (isStillDeleted.getAsBoolean() && claims.delete(names, read).isApplied());
    }

    private boolean objectsAreGone(ObjectNames names, BooleanSupplier isStillDeleted) {
        EnsembleObjects live = new FreshObjects(client).read(names);
        List<HasMetadata> ours = live.all()
                .filter(object -> !object.getKind().equals("Pod"))
                .filter(object -> Objects.requireNonNullElse(
                                object.getMetadata().getLabels(), Map.<String, String>of())
                        .entrySet()
                        .containsAll(names.selector().entrySet()))
                .toList();
        List<HasMetadata> remaining = ours.stream()
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                .toList();
        if (!remaining.isEmpty() && isStillDeleted.getAsBoolean()) {
            remaining.forEach(object -> delete(names, object));
        }
        return ours.isEmpty() && live.pods().isEmpty();
    }

    /** The status of objects changes while pods end, so their version is no precondition. */
    private void delete(ObjectNames names, HasMetadata object) {
        LogEntry.of("deleting")
                .with(LogKey.KIND, object.getKind())
                .with(LogKey.NAME, object.getMetadata().getName())
                .with(LogKey.ENSEMBLE, names.id())
                .info(LOG);
        Precondition.delete(client, object);
    }
}
