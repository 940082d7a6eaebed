package dev.ensembled.reconciler.spec.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.pod.NullFields;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.math.BigInteger;

/** Converts a document without violations into the resource. */
final class ResourceBinding {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ResourceBinding() {}

    /**
     * The resource, in its namespace.
     *
     * @throws JsonProcessingException if the model refuses what the checks accepted
     */
    static ZooKeeperEnsemble bind(Mapping root, EnsembleId id) throws JsonProcessingException {
        ObjectNode tree = object(root);
        ((ObjectNode) tree.get("metadata")).put("namespace", id.namespace());
        root.mapping("spec", "config")
                .ifPresent(config -> ((ObjectNode) tree.get("spec")).set("config", literally(config)));
        root.mapping("spec").ifPresent(spec -> unset(spec, (ObjectNode) tree.get("spec")));
        // Part by part, because a file has no status, and its model takes time to load.
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(MAPPER.treeToValue(tree.get("metadata"), ObjectMeta.class));
        resource.setSpec(MAPPER.treeToValue(tree.get("spec"), EnsembleSpec.class));
        return resource;
    }

    /**
     * Adds a field that lists the defaults of the pod template that nulls remove, because the model cannot hold nulls.
     */
    private static void unset(Mapping spec, ObjectNode tree) {
        ArrayNode paths = NODES.arrayNode();
        NullFields.unset(spec).forEach(paths::add);
        tree.set(NullFields.FIELD, paths);
    }

    /** Keeps numbers with the digits as they were written, such as a trailing zero. */
    private static ObjectNode literally(Mapping config) {
        ObjectNode values = NODES.objectNode();
        config.fields().forEach((key, field) -> {
            if (field.value() instanceof Scalar scalar) {
                values.put(key, scalar.text());
            }
        });
        return values;
    }

    private static ObjectNode object(Mapping mapping) {
        ObjectNode object = NODES.objectNode();
        mapping.fields().forEach((key, field) -> {
            if (!(field.value() instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL)) {
                object.set(key, node(field.value()));
            }
        });
        return object;
    }

    /** A number in the narrowest type, as a parser would produce it, because some deserializers depend on the type. */
    private static JsonNode number(BigInteger number) {
        if (number.bitLength() < Integer.SIZE) {
            return NODES.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
    }

    private static JsonNode node(YamlNode node) {
        if (node instanceof Mapping mapping) {
            return object(mapping);
        }
        if (node instanceof Sequence sequence) {
            ArrayNode array = NODES.arrayNode();
            sequence.items().forEach(item -> array.add(node(item)));
            return array;
        }
        Scalar scalar = (Scalar) node;
        return switch (scalar.kind()) {
            case STRING -> NODES.textNode(scalar.text());
            case INTEGER -> Scalars.integer(scalar).map(ResourceBinding::number).orElse(NODES.textNode(scalar.text()));
            case FLOAT ->
                Scalars.decimal(scalar).<JsonNode>map(NODES::numberNode).orElse(NODES.textNode(scalar.text()));
            case BOOLEAN -> NODES.booleanNode(scalar.text().equals("true"));
            case NULL -> NODES.nullNode();
        };
    }
}
