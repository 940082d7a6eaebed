package dev.ensembled.reconciler.spec.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.spec.model.DurationText;

/**
 * Adds to the generated schema what the generator has no annotation for, as a JSON merge patch (RFC 7386):
 *
 * <ul>
 *   <li>A document without a spec is invalid.
 *   <li>The values of {@code config} are scalars. No structural schema can express this, but a schema can forbid values
 *       with members or items.
 *   <li>A duration is a string; the generator knows neither its form nor its default.
 *   <li>Lists of the status have keys, so that two field managers can own different entries.
 * </ul>
 */
final class SchemaPatch {
    private static final String DURATION =
            "\"minLength\": 2, \"maxLength\": 28, \"pattern\": \"" + DurationText.PATTERN + "\"";

    private static final String PATCH =
            """
            {"required": ["spec"],
             "properties": {
              "spec": {"properties": {
                "config": {
                  "type": "object",
                  "x-kubernetes-preserve-unknown-fields": null,
                  "maxProperties": 256,
                  "additionalProperties": {
                    "x-kubernetes-preserve-unknown-fields": true,
                    "maxLength": 4096, "maxProperties": 0, "maxItems": 0
                  }
                },
                "podTemplate": {"type": "object"},
                "rollout": {"properties": {
                  "settle": {"default": "5s", DURATION},
                  "progressDeadline": {"default": "5m", DURATION},
                  "soak": {"default": "1m", DURATION},
                  "windows": {"items": {"properties": {"duration": {DURATION}}}}
                }}
              }},
              "status": {"properties": {
                "conditions": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
                "members": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"]}
              }}
            }}
            """
                    .replace("DURATION", DURATION);

    private SchemaPatch() {}

    /** Patches the schema of the resource. */
    static void apply(ObjectNode schema) {
        try {
            merge(schema, (ObjectNode) new ObjectMapper().readTree(PATCH));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the patch of the schema is not valid JSON", e);
        }
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (var change : patch.properties()) {
            JsonNode existing = target.get(change.getKey());
            if (change.getValue().isNull()) {
                target.remove(change.getKey());
            } else if (existing instanceof ObjectNode object && change.getValue() instanceof ObjectNode nested) {
                merge(object, nested);
            } else {
                target.set(change.getKey(), change.getValue());
            }
        }
    }
}
