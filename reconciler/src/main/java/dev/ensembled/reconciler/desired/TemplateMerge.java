package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges one pod template over another as {@code kubectl apply} would: objects by field, lists of named elements by the
 * key that Kubernetes merges them by; tolerations and similar lists are appended, everything else is replaced. The keys
 * are those of {@code patchMergeKey} in the Kubernetes API.
 */
final class TemplateMerge {
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("ports", "containerPort"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("hostAliases", "ip"));
    private static final Set<String> APPENDED = Set.of(
            "tolerations",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "preferredDuringSchedulingIgnoredDuringExecution");

    private TemplateMerge() {}

    /** Returns the key by which a list of this name is merged; empty if it is not merged by key. */
    static Optional<String> key(String list) {
        return Optional.ofNullable(KEYS.get(list));
    }

    /** Returns a new tree, in which the fields of the upper tree override the lower one. */
    static ObjectNode over(ObjectNode lower, JsonNode upper) {
        ObjectNode result = lower.deepCopy();
        upper.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                result.set(field.getKey(), value(field.getKey(), result.get(field.getKey()), field.getValue()));
            }
        });
        return result;
    }

    private static JsonNode value(String name, JsonNode lower, JsonNode upper) {
        if (lower instanceof ObjectNode object && upper.isObject()) {
            return over(object, upper);
        }
        if (lower instanceof ArrayNode list && upper.isArray()) {
            if (key(name).isPresent()) {
                return byKey(list, upper, key(name).get());
            }
            if (APPENDED.contains(name)) {
                return appended(list, upper);
            }
        }
        return upper.deepCopy();
    }

    private static ArrayNode byKey(ArrayNode lower, JsonNode upper, String key) {
        ArrayNode result = lower.deepCopy();
        for (JsonNode element : upper) {
            int same = index(result, key, element);
            if (same < 0) {
                result.add(element.deepCopy());
            } else {
                result.set(same, over((ObjectNode) result.get(same), element));
            }
        }
        return result;
    }

    private static int index(ArrayNode list, String key, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(element.path(key))) {
                return i;
            }
        }
        return -1;
    }

    private static ArrayNode appended(ArrayNode lower, JsonNode upper) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode().addAll(lower);
        for (JsonNode element : upper) {
            boolean known = false;
            for (JsonNode present : result) {
                known |= present.equals(element);
            }
            if (!known) {
                result.add(element.deepCopy());
            }
        }
        return result;
    }
}
