package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.kubernetes.client.ResourceInformers;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads and writes the ensembles' resources. Reads come from the cache as long as it is not behind our own last write to
 * that resource: its status is the only memory between two observations. Thread-safe.
 */
final class Resources {
    static final String FIELD_MANAGER = "ensembled-git";

    private final KubernetesClient client;
    private final ResourceInformers<GenericKubernetesResource> cache;
    private final Map<EnsembleId, Long> written = new ConcurrentHashMap<>();

    Resources(KubernetesClient client, ResourceInformers<GenericKubernetesResource> cache) {
        this.client = client;
        this.cache = cache;
    }

    /** Returns all resources; fails before the cache is filled, when nothing follows from what is absent. */
    List<GenericKubernetesResource> list() {
        if (!cache.synced()) {
            throw new RetryLaterException("list ensembles: the objects of the cluster have not been listed yet", null);
        }
        return ids().stream().flatMap(id -> get(id).stream()).toList();
    }

    /** Returns the ensembles of all resources that are in the cache. */
    List<EnsembleId> ids() {
        return cache.all().map(StoredResource::id).sorted().toList();
    }

    /** Reads from now on nothing that is older than what the API server has now. */
    void catchUp() {
        ids().stream().map(EnsembleId::namespace).distinct().forEach(namespace -> client.genericKubernetesResources(
                        ClusterCache.RESOURCE)
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(this::wrote));
    }

    Optional<GenericKubernetesResource> get(EnsembleId id) {
        Optional<GenericKubernetesResource> cached = cache.get(id.namespace(), id.name());
        Long wrote = written.get(id);
        if (!cache.synced()) {
            return fresh(id);
        }
        if (wrote == null
                || cached.filter(resource -> version(resource) >= wrote).isPresent()) {
            return cached;
        }
        Optional<GenericKubernetesResource> fresh = fresh(id);
        if (fresh.isEmpty() && cached.isEmpty()) {
            written.remove(id, wrote);
        }
        return fresh;
    }

    Optional<GenericKubernetesResource> fresh(EnsembleId id) {
        return Optional.ofNullable(at(id).get());
    }

    GenericKubernetesResource apply(GenericKubernetesResource wanted) {
        return wrote(client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(wanted.getMetadata().getNamespace())
                .resource(wanted)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply());
    }

    /** Applies without storing anything. */
    void tryApply(GenericKubernetesResource wanted) {
        client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(wanted.getMetadata().getNamespace())
                .resource(wanted)
                .dryRun(true)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    /** Replaces the whole spec, including fields of other managers, unless the resource has changed since it was read. */
    GenericKubernetesResource replaceSpec(GenericKubernetesResource read, Object spec) {
        ObjectNode test = operation("test", "/metadata/resourceVersion");
        test.put("value", read.getMetadata().getResourceVersion());
        ObjectNode replace = operation("replace", "/spec");
        replace.set("value", client.getKubernetesSerialization().convertValue(spec, ObjectNode.class));
        return wrote(at(StoredResource.id(read))
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON)
                                .withFieldManager(FIELD_MANAGER)
                                .build(),
                        client.getKubernetesSerialization().asJson(List.of(test, replace))));
    }

    /** Merges metadata; if it contains a resource version, only unless the resource has changed since then. */
    void patchMetadata(EnsembleId id, Map<String, ?> metadata) {
        wrote(at(id).patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(FIELD_MANAGER)
                                .build(),
                        client.getKubernetesSerialization().asJson(Map.of("metadata", metadata))));
    }

    void replaceStatus(EnsembleId id, ObjectNode status) {
        ObjectNode add = operation("add", "/status");
        add.set("value", status);
        wrote(at(id).subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON)
                                .withFieldManager(RecentWrites.FIELD_MANAGER)
                                .build(),
                        client.getKubernetesSerialization().asJson(List.of(add))));
    }

    /** Deletes a resource; a finalizer may delay that. */
    void delete(GenericKubernetesResource read) {
        client.resource(read).delete();
        EnsembleId id = StoredResource.id(read);
        fresh(id).ifPresentOrElse(this::wrote, () -> written.merge(id, version(read) + 1, Math::max));
    }

    private static ObjectNode operation(String name, String path) {
        return JsonNodeFactory.instance.objectNode().put("op", name).put("path", path);
    }

    private Resource<GenericKubernetesResource> at(EnsembleId id) {
        return client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(id.namespace())
                .withName(id.name());
    }

    private GenericKubernetesResource wrote(GenericKubernetesResource resource) {
        written.merge(StoredResource.id(resource), version(resource), Math::max);
        return resource;
    }

    private static long version(GenericKubernetesResource resource) {
        try {
            return Long.parseLong(resource.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            // An API server with other resource versions: then the cache is never considered to be behind.
            return 0;
        }
    }
}
