package dev.ensembled.kubernetes.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.observed.ObjectVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * The versions of objects as preconditions of decisions. Controllers write the status of StatefulSets and budgets all the
 * time, which changes the resource version, and no decision about an object depends on its status. So its content is
 * compared.
 */
public final class ObjectVersions {
    private static final List<String> OF_EACH_WRITE = List.of("resourceVersion", "managedFields");

    private ObjectVersions() {}

    public static ObjectVersion of(HasMetadata object) {
        JsonNode content = CanonicalJson.tree(object);
        if (content instanceof ObjectNode whole) {
            whole.remove("status");
            whole.withObject("/metadata").remove(OF_EACH_WRITE);
        }
        return new ObjectVersion(object.getMetadata().getUid(), CanonicalJson.digest(content));
    }
}
