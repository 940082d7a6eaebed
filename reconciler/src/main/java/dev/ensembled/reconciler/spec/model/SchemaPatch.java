package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Adds to the generated schema what the generator has no annotation for, as JSON merge patches (RFC 7386). Used only by
 * the build. The generator's own merge patch replaces nested objects instead of merging them.
 */
public final class SchemaPatch implements SchemaCustomizer.Customizer {
    private static final String DURATION =
            " \"minLength\": 2, \"maxLength\": 28, \"pattern\": \"" + DurationText.PATTERN + "\"";

    /**
     * The values of {@code config} are scalars. No structural schema can express this, but a schema can forbid values
     * with members or items.
     */
    static final String SPEC =
            """
            {"properties": {
              "config": {
                "type": "object",
                "x-kubernetes-preserve-unknown-fields": null,
                "maxProperties": 256,
                "additionalProperties": {
                  "x-kubernetes-preserve-unknown-fields": true,
                  "maxLength": 4096, "maxProperties": 0, "maxItems": 0
                }
              },
              "podTemplate": {"type": "object"}
            }}
            """;

    /** A duration is a string; the generator knows neither its form nor its default. */
    static final String ROLLOUT = "{\"properties\": {\"settle\": {\"default\": \"5s\"," + DURATION
            + "}, \"progressDeadline\": {\"default\": \"5m\"," + DURATION
            + "}, \"soak\": {\"default\": \"1m\"," + DURATION + "}}}";

    static final String WINDOW = "{\"properties\": {\"duration\": {" + DURATION + "}}}";

    /** A document without a spec is meaningless. */
    static final String ROOT = "{\"required\": [\"spec\"]}";

    /** Lists with keys, so that two field managers can own different entries. */
    static final String STATUS =
            """
            {"properties": {
              "conditions": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
              "members": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"]}
            }}
            """;

    @Override
    public JSONSchemaProps apply(JSONSchemaProps schema, String patch, KubernetesSerialization serialization) {
        ObjectNode target = serialization.convertValue(schema, ObjectNode.class);
        merge(target, serialization.unmarshal(patch, ObjectNode.class));
        return serialization.convertValue(target, JSONSchemaProps.class);
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
