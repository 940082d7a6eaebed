package dev.ensembled.kubernetes.store;

import dev.ensembled.reconciler.desired.CanonicalJson;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which annotations of a resource came from a file in Git. Versions of ensembled that did not refuse reserved names in
 * files applied them, and a request that a commit makes in this way must have no effect.
 */
final class FileAnnotations {
    private FileAnnotations() {}

    /**
     * Returns the annotations of a resource, except those that were applied from a file and not changed by another client
     * later.
     */
    static Map<String, String> without(ObjectMeta metadata) {
        Map<String, String> annotations =
                new TreeMap<>(Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
        Objects.requireNonNullElse(metadata.getManagedFields(), List.<ManagedFieldsEntry>of()).stream()
                .filter(entry ->
                        Resources.FIELD_MANAGER.equals(entry.getManager()) && "Apply".equals(entry.getOperation()))
                .map(entry -> CanonicalJson.tree(entry.getFieldsV1()))
                .map(fields -> fields.path("f:metadata").path("f:annotations"))
                .forEach(fields ->
                        fields.fieldNames().forEachRemaining(field -> annotations.remove(field.substring(2))));
        return annotations;
    }
}
