package dev.ensembled.reconciler.spec.validation.pod;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.ensembled.reconciler.spec.model.Bytes;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.Suggestion;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Compares a pod template with the Kubernetes model, because the custom resource definition accepts any field there,
 * and the API server would drop an unknown field silently. The classes of the model are the source of the fields that
 * exist.
 */
final class PodTemplateFields {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<JavaType, Map<String, JavaType>> FIELDS = new ConcurrentHashMap<>();
    private static final Map<String, String> HINTS = Map.of("replicas", ": set spec.voters and spec.observers");

    private final Findings findings;

    PodTemplateFields(Findings findings) {
        this.findings = findings;
    }

    /** Whether a pod's spec has a field of this name. */
    static boolean ofPod(String field) {
        return fields(MAPPER.constructType(PodSpec.class)).containsKey(field);
    }

    /** Whether a container has a field of this name. */
    static boolean ofContainer(String field) {
        return fields(MAPPER.constructType(Container.class)).containsKey(field);
    }

    /** Whether a volume has a field of this name. */
    static boolean ofVolume(String field) {
        return fields(MAPPER.constructType(Volume.class)).containsKey(field);
    }

    void check(YamlNode template, String path) {
        check(template, MAPPER.constructType(PodTemplateSpec.class), path);
    }

    private void check(YamlNode node, JavaType type, String path) {
        if (node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL) {
            return;
        }
        if (type.isMapLikeType()) {
            mapping(node, path).ifPresent(mapping -> mapping.fields()
                    .forEach((key, field) -> check(field.value(), type.getContentType(), path + "." + key)));
        } else if (type.isCollectionLikeType()) {
            list(node, type, path);
        } else if (isScalar(type)) {
            scalar(node, type, path);
        } else if (!fields(type).isEmpty()) {
            mapping(node, path).ifPresent(mapping -> object(mapping, fields(type), path));
        }
    }

    private static boolean isScalar(JavaType type) {
        return type.hasRawClass(String.class)
                || type.hasRawClass(Quantity.class)
                || type.hasRawClass(IntOrString.class)
                || type.isTypeOrSubTypeOf(Number.class)
                || type.hasRawClass(Boolean.class)
                || type.isPrimitive();
    }

    private static Map<String, JavaType> fields(JavaType type) {
        return FIELDS.computeIfAbsent(
                type, any -> MAPPER.getDeserializationConfig().introspect(any).findProperties().stream()
                        .filter(BeanPropertyDefinition::couldDeserialize)
                        .collect(Collectors.toMap(
                                BeanPropertyDefinition::getName, BeanPropertyDefinition::getPrimaryType)));
    }

    private void object(Mapping mapping, Map<String, JavaType> known, String path) {
        mapping.fields().forEach((key, field) -> {
            JavaType type = known.get(key);
            String fieldPath = path + "." + key;
            if (type != null) {
                check(field.value(), type, fieldPath);
            } else {
                String hint = HINTS.getOrDefault(key, Suggestion.didYouMean(key, known.keySet()));
                findings.violation(field.key(), fieldPath, "unknown field" + hint);
            }
        });
    }

    private Optional<Mapping> mapping(YamlNode node, String path) {
        if (node instanceof Mapping mapping) {
            return Optional.of(mapping);
        }
        expected("a mapping of fields to values", node, path);
        return Optional.empty();
    }

    private void list(YamlNode node, JavaType type, String path) {
        if (!(node instanceof Sequence sequence)) {
            expected("a list", node, path);
            return;
        }
        for (int index = 0; index < sequence.items().size(); index++) {
            check(sequence.items().get(index), type.getContentType(), path + "[" + index + "]");
        }
    }

    private void scalar(YamlNode node, JavaType type, String path) {
        if (!(node instanceof Scalar scalar)) {
            expected(wanted(type), node, path);
            return;
        }
        Optional<String> ambiguity = Scalars.ambiguity(scalar);
        if (ambiguity.isPresent()) {
            findings.violation(scalar.location(), path, ambiguity.get());
        } else if (!fits(scalar, type)) {
            String quotes = type.hasRawClass(String.class) ? ": put it in quotes" : "";
            expected(wanted(type), node, path, quotes);
        }
    }

    private static boolean fits(Scalar scalar, JavaType type) {
        if (type.hasRawClass(String.class)) {
            return scalar.kind() == ScalarKind.STRING;
        }
        if (type.hasRawClass(Boolean.class)) {
            return Scalars.isBoolean(scalar);
        }
        if (type.hasRawClass(IntOrString.class)) {
            return scalar.kind() == ScalarKind.STRING || isInt(scalar);
        }
        if (type.hasRawClass(Integer.class)) {
            return isInt(scalar);
        }
        if (type.hasRawClass(Long.class)) {
            return Scalars.integer(scalar)
                    .filter(number -> number.bitLength() < 64)
                    .isPresent();
        }
        if (type.hasRawClass(Quantity.class)) {
            return Bytes.ofQuantity(scalar.text()).isPresent();
        }
        return scalar.kind() == ScalarKind.INTEGER || scalar.kind() == ScalarKind.FLOAT;
    }

    private static boolean isInt(Scalar scalar) {
        return Scalars.integer(scalar).filter(number -> number.bitLength() < 32).isPresent();
    }

    private static String wanted(JavaType type) {
        if (type.hasRawClass(Quantity.class)) {
            return "a quantity such as 500m or 1Gi";
        }
        if (type.hasRawClass(Boolean.class)) {
            return "true or false";
        }
        if (type.hasRawClass(IntOrString.class)) {
            return "a whole number or a string";
        }
        return type.hasRawClass(String.class) ? "a string" : "a whole number";
    }

    private void expected(String wanted, YamlNode node, String path) {
        expected(wanted, node, path, "");
    }

    private void expected(String wanted, YamlNode node, String path, String hint) {
        findings.violation(node.location(), path, "must be " + wanted + ", not " + node.describe() + hint);
    }
}
