package dev.ensembled.kubernetes.client;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/**
 * What a write requires of the object in the API server, which refuses it otherwise (docs/decisions/0025): that it is the
 * object that was read, in the version that was read, or that there still is none.
 */
public final class Precondition {
    /**
     * The resource version of no object, since the first object in etcd has a higher one. With it, server-side apply creates
     * an object, and conflicts with an existing one.
     */
    private static final String NOT_YET_CREATED = "1";

    private Precondition() {}

    /**
     * Adds the precondition to an object that is going to be applied. The UID is needed too: with a resource version alone,
     * server-side apply creates an object that was deleted meanwhile.
     *
     * @param read the object as it was read; empty if there was none
     * @return the object that is going to be applied
     */
    public static <T extends HasMetadata> T on(Optional<? extends HasMetadata> read, T wanted) {
        wanted.getMetadata()
                .setUid(read.map(object -> object.getMetadata().getUid()).orElse(null));
        wanted.getMetadata()
                .setResourceVersion(read.map(object -> object.getMetadata().getResourceVersion())
                        .orElse(NOT_YET_CREATED));
        return wanted;
    }

    /** Returns the precondition as metadata for a merge patch. */
    public static Map<String, String> metadata(HasMetadata read) {
        return Map.of(
                "uid", read.getMetadata().getUid(),
                "resourceVersion", read.getMetadata().getResourceVersion());
    }

    /** Deletes an object in any version, but not another object with its name. Returns at once. */
    public static void delete(KubernetesClient client, HasMetadata read) {
        String group = read.getApiVersion().contains("/") ? "/apis/" : "/api/";
        client.raw(
                group + read.getApiVersion() + "/namespaces/"
                        + read.getMetadata().getNamespace() + "/" + read.getPlural() + "/"
                        + read.getMetadata().getName(),
                "DELETE",
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withKind("DeleteOptions")
                        .withPropagationPolicy("Background")
                        .withNewPreconditions()
                        .withUid(read.getMetadata().getUid())
                        .endPreconditions()
                        .build());
    }
}
