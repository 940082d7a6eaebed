package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Ends an ensemble whose spec says {@code deletionPolicy: Delete} after its resource was deleted. Volumes stay, since the
 * StatefulSet retains its claims, unless its spec says {@code storage.deletionPolicy: Delete} too.
 */
record Teardown(KubernetesClient client) {
    static final String FINALIZER = "ensembled.dev/teardown";

    private static final Logger LOG = Logger.getLogger(Teardown.class);

    /** The finalizers of a resource with ours among them. */
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
     * Whether the ensemble is to go with its resource. Whoever deletes by hand a resource that Git still defines makes a
     * mistake, or wants it made again: Git puts it back, and the servers never notice. An orphaned ensemble is not defined by
     * Git any more, and its status says that deleting the resource removes it.
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

    /** Deletes whatever of ours is there; true once nothing is that is to go. */
    boolean proceed(ObjectNames names, GenericKubernetesResource resource) {
        return objectsAreGone(names)
                && (!Lifecycle.saysDeleteVolumes(resource)
                        || new Claims(client).delete(names, member -> true) instanceof Outcome.Applied);
    }

    private boolean objectsAreGone(ObjectNames names) {
        EnsembleObjects live = new FreshObjects(client).read(names);
        List<HasMetadata> ours = live.all()
                .filter(object -> !object.getKind().equals("Pod"))
                .filter(object -> Objects.requireNonNullElse(
                                object.getMetadata().getLabels(), Map.<String, String>of())
                        .entrySet()
                        .containsAll(names.selector().entrySet()))
                .toList();
        for (HasMetadata object : ours) {
            if (object.getMetadata().getDeletionTimestamp() == null) {
                LOG.infof(
                        "deleting kind=%s name=%s ensemble=%s",
                        object.getKind(), object.getMetadata().getName(), names.id());
                client.resource(object).delete();
            }
        }
        return ours.isEmpty() && live.pods().isEmpty();
    }
}
