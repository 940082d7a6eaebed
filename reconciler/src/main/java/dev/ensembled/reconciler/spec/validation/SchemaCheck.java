package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/**
 * Compares a document with the generated schema: fields and types, and scalars by {@link ScalarCheck}. A field without
 * a value counts as absent, as in the API server. Parts that the schema does not describe, such as the pod template,
 * are checked by rules.
 */
public final class SchemaCheck {
    private final Findings findings;
    private final ScalarCheck scalars;

    public SchemaCheck(Findings findings) {
        this.findings = findings;
        this.scalars = new ScalarCheck(findings);
    }

    public void check(YamlNode node, JSONSchemaProps schema, String path) {
        if (node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL) {
            return;
        }
        switch (type(schema)) {
            case "object" -> object(node, schema, path);
            case "array" -> array(node, schema, path);
            default -> scalar(node, schema, path);
        }
    }

    /** The type of a schema. A schema without a type describes a value of zoo.cfg: any scalar. */
    private static String type(JSONSchemaProps schema) {
        return schema.getType() == null ? "scalar" : schema.getType();
    }

    private void object(YamlNode node, JSONSchemaProps schema, String path) {
        if (!(node instanceof Mapping mapping)) {
            expected("a mapping of fields to values", node, path);
            return;
        }
        if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            return;
        }
        if (schema.getMaxProperties() != null && mapping.fields().size() > schema.getMaxProperties()) {
            findings.violation(node.location(), path, "must have at most " + schema.getMaxProperties() + " entries");
            return;
        }
        if (schema.getAdditionalProperties() != null) {
            JSONSchemaProps values = schema.getAdditionalProperties().getSchema();
            mapping.fields().forEach((key, field) -> check(field.value(), values, path + "." + key));
            return;
        }
        fields(mapping, schema, path);
    }

    private void fields(Mapping mapping, JSONSchemaProps schema, String path) {
        Map<String, JSONSchemaProps> known = schema.getProperties() == null ? Map.of() : schema.getProperties();
        mapping.fields().forEach((key, field) -> {
            if (known.containsKey(key)) {
                check(field.value(), known.get(key), path + "." + key);
            } else {
                String suggestion = findings.full() ? "" : Suggestion.didYouMean(key, known.keySet());
                findings.violation(field.key(), path + "." + key, "unknown field" + suggestion);
            }
        });
        List<String> required = schema.getRequired() == null ? List.of() : schema.getRequired();
        for (String name : required) {
            if (mapping.find(name).filter(value -> !isNull(value)).isEmpty()) {
                findings.violation(
                        mapping.location(),
                        path + "." + name,
                        "must be set. " + known.get(name).getDescription());
            }
        }
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL;
    }

    private void array(YamlNode node, JSONSchemaProps schema, String path) {
        if (!(node instanceof Sequence sequence)) {
            expected("a list", node, path);
            return;
        }
        if (schema.getMaxItems() != null && sequence.items().size() > schema.getMaxItems()) {
            findings.violation(node.location(), path, "must have at most " + schema.getMaxItems() + " items");
        }
        JSONSchemaProps items = schema.getItems().getSchema();
        for (int index = 0; index < sequence.items().size(); index++) {
            YamlNode item = sequence.items().get(index);
            String itemPath = path + "[" + index + "]";
            if (isNull(item)) {
                findings.violation(item.location(), itemPath, "must not be empty: set a value, or remove the item");
            } else {
                check(item, items, itemPath);
            }
        }
    }

    private void scalar(YamlNode node, JSONSchemaProps schema, String path) {
        if (node instanceof Scalar scalar) {
            scalars.check(scalar, schema, path);
        } else {
            expected(ScalarCheck.wanted(schema), node, path);
        }
    }

    private void expected(String wanted, YamlNode node, String path) {
        findings.violation(node.location(), path, "must be " + wanted + ", not " + node.describe());
    }
}
