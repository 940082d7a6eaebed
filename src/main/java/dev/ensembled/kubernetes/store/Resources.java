package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.kubernetes.client.ResourceInformers;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.EditReplacePatchable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Reads and writes the ensembles' resources. Reads come from the cache as long as it is not behind our own last write to
 * that resource: its status is the only memory between two observations. Thread-safe.
 */
final class Resources {
    static final String FIELD_MANAGER = "ensembled-git";

    private static final int ATTEMPTS = 3;

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

    /**
     * Changes a resource, as it was read. If another client changes it at that moment, it is read again without the cache,
     * and the change is made, or refused, on what was read then.
     *
     * @param change decides on what was read, and writes with that as its precondition
     */
    void change(EnsembleId id, Consumer<Optional<GenericKubernetesResource>> change) {
        Optional<GenericKubernetesResource> read = get(id);
        for (int attempt = 1; !tried(read, change, attempt == ATTEMPTS); attempt++) {
            read = fresh(id);
        }
    }

    private static boolean tried(
            Optional<GenericKubernetesResource> read,
            Consumer<Optional<GenericKubernetesResource>> change,
            boolean last) {
        try {
            change.accept(read);
            return true;
        } catch (KubernetesClientException e) {
            if (last || !new ApiFailure(e).isConflict()) {
                throw e;
            }
            return false;
        }
    }

    /** Applies, if the resource is as it was read. */
    GenericKubernetesResource apply(Optional<GenericKubernetesResource> read, GenericKubernetesResource wanted) {
        return wrote(client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(wanted.getMetadata().getNamespace())
                .resource(Precondition.on(read, wanted))
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

    /** Replaces the whole spec, including fields of other managers, if the resource is as it was read. */
    void replaceSpec(GenericKubernetesResource read, Object spec) {
        ObjectNode replace = operation("replace", "/spec");
        replace.set("value", client.getKubernetesSerialization().convertValue(spec, ObjectNode.class));
        patch(read, at(StoredResource.id(read)), FIELD_MANAGER, replace);
    }

    /** Replaces the whole status, if the resource is as it was read. */
    void replaceStatus(GenericKubernetesResource read, ObjectNode status) {
        ObjectNode add = operation("add", "/status");
        add.set("value", status);
        patch(read, at(StoredResource.id(read)).subresource("status"), RecentWrites.FIELD_MANAGER, add);
    }

    /** With a resource version in the patched object, the API server answers 409; it answers 422 if a test fails. */
    private void patch(
            GenericKubernetesResource read,
            EditReplacePatchable<GenericKubernetesResource> there,
            String manager,
            ObjectNode operation) {
        ObjectNode version = operation("replace", "/metadata/resourceVersion");
        version.put("value", read.getMetadata().getResourceVersion());
        wrote(there.patch(
                new PatchContext.Builder()
                        .withPatchType(PatchType.JSON)
                        .withFieldManager(manager)
                        .build(),
                client.getKubernetesSerialization().asJson(List.of(version, operation))));
    }

    /** Merges metadata, if the resource is as it was read. */
    GenericKubernetesResource patchMetadata(GenericKubernetesResource read, Map<String, ?> metadata) {
        Map<String, Object> merged = new TreeMap<>(metadata);
        merged.putAll(Precondition.metadata(read));
        return wrote(at(StoredResource.id(read))
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(FIELD_MANAGER)
                                .build(),
                        client.getKubernetesSerialization().asJson(Map.of("metadata", merged))));
    }

    /** Deletes a resource, if it is as it was read; a finalizer may delay that. */
    void delete(GenericKubernetesResource read) {
        client.resource(read).lockResourceVersion().delete();
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

    /** The client answers null for a patch of what no longer exists. */
    private GenericKubernetesResource wrote(GenericKubernetesResource resource) {
        if (resource == null) {
            throw new ChangedMeanwhileException(
                    "the resource does not exist any more; expected it as it was read", null);
        }
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
