package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.desired.ObjectNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects that exist for one ensemble.
 *
 * @param budgets every budget of the namespace, because those of other owners may cover our pods
 * @param pods the pods of the ensemble's StatefulSet
 * @param claims the claims of its members' volumes; kept apart from all other objects, because applying the manifests never
 *     deletes one
 */
public record EnsembleObjects(
        List<ConfigMap> configMaps,
        List<Service> services,
        List<PodDisruptionBudget> budgets,
        Optional<StatefulSet> statefulSet,
        List<Pod> pods,
        List<PersistentVolumeClaim> claims) {

    /** A source of these objects. */
    public interface Source {
        EnsembleObjects read(ObjectNames names);
    }

    /** Returns all objects except the claims. */
    public Stream<HasMetadata> all() {
        return Stream.of(configMaps, services, budgets, statefulSet.stream().toList(), pods)
                .flatMap(List::stream)
                .map(HasMetadata.class::cast);
    }

    /**
     * Returns the objects that are kept without being applied: the members' claims, and ConfigMaps, which no change
     * replaces.
     */
    public Stream<HasMetadata> kept(ObjectNames names) {
        Stream<PersistentVolumeClaim> volumes = claims.stream()
                .filter(claim -> names.claim(claim.getMetadata().getName()).isPresent());
        Stream<ConfigMap> former =
                configMaps.stream().filter(map -> map.getMetadata().getName().startsWith(names.configMapPrefix()));
        return Stream.<HasMetadata>concat(volumes, former)
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null);
    }

    public Optional<HasMetadata> find(String kind, String name) {
        return Stream.concat(all(), claims.stream())
                .filter(object -> object.getKind().equals(kind)
                        && object.getMetadata().getName().equals(name))
                .findFirst();
    }
}
