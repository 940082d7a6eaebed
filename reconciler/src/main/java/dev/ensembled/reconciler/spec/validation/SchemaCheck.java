package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.util.Optional;
import java.util.Set;

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

    public void check(YamlNode node, FieldSchema schema, String path) {
        if (node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL) {
            return;
        }
        switch (schema.type().orElse("scalar")) {
            case "object" -> object(node, schema, path);
            case "array" -> array(node, schema, path);
            default -> scalar(node, schema, path);
        }
    }

    private void object(YamlNode node, FieldSchema schema, String path) {
        if (!(node instanceof Mapping mapping)) {
            expected("a mapping of fields to values", node, path);
            return;
        }
        if (schema.isOpen()) {
            return;
        }
        int most = schema.maxProperties().orElse(Integer.MAX_VALUE);
        if (mapping.fields().size() > most) {
            findings.violation(node.location(), path, "must have at most " + most + " entries");
            return;
        }
        Optional<FieldSchema> values = schema.values();
        if (values.isPresent()) {
            mapping.fields().forEach((key, field) -> check(field.value(), values.get(), path + "." + key));
            return;
        }
        fields(mapping, schema, path);
    }

    private void fields(Mapping mapping, FieldSchema schema, String path) {
        Set<String> known = schema.fields();
        mapping.fields().forEach((key, field) -> {
            if (known.contains(key)) {
                check(field.value(), schema.field(key), path + "." + key);
            } else {
                String suggestion = findings.full() ? "" : Suggestion.didYouMean(key, known);
                findings.violation(field.key(), path + "." + key, "unknown field" + suggestion);
            }
        });
        for (String name : schema.required()) {
            if (mapping.find(name).filter(value -> !isNull(value)).isEmpty()) {
                findings.violation(
                        mapping.location(),
                        path + "." + name,
                        "must be set. " + schema.field(name).description());
            }
        }
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL;
    }

    private void array(YamlNode node, FieldSchema schema, String path) {
        if (!(node instanceof Sequence sequence)) {
            expected("a list", node, path);
            return;
        }
        int most = schema.maxItems().orElse(Integer.MAX_VALUE);
        if (sequence.items().size() > most) {
            findings.violation(node.location(), path, "must have at most " + most + " items");
        }
        FieldSchema items = schema.items();
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

    private void scalar(YamlNode node, FieldSchema schema, String path) {
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
