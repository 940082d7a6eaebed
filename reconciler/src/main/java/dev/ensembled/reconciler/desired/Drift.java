package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds where a live object differs from the desired object. Only desired fields are compared: fields that the API
 * server or other controllers add belong to them, as in server-side apply. This comparison alone shows that an ensemble
 * has no drift, without a dry run on the API server.
 *
 * <p>Equal are: quantities of the same amount; numbers of the same value; an absent field and an empty desired value
 * ({@code ""}, 0, an empty list or object, and false where the API does not distinguish it from absent). Lists are
 * compared by the key that Kubernetes merges them by where there is one, and in order otherwise. Selectors are compared
 * as a whole, because an additional key changes what they select.
 */
public final class Drift {
    private static final Map<String, String> KEYS_OF_OTHERS = Map.of("volumeClaimTemplates", "name");
    private static final Set<String> WHOLE = Set.of("selector", "matchLabels", "nodeSelector");
    private static final Set<String> ABSENT_WHEN_FALSE =
            Set.of("readOnly", "stdin", "stdinOnce", "tty", "hostNetwork", "hostPID", "hostIPC");
    private static final Set<String> QUANTITIES = Set.of("requests", "limits");

    private final List<Difference> differences = new ArrayList<>();

    private Drift() {}

    /**
     * A field that differs.
     *
     * @param path the field in readable form, such as {@code spec.template.spec.containers[zookeeper].image}
     * @param steps the steps from the root to the field, to find it in the managed fields
     */
    public record Difference(String path, List<Step> steps) {
        public Difference {
            steps = List.copyOf(steps);
        }

        /** One step down: to a field, or to the element of a list whose key has this value. */
        public record Step(String field, Optional<String> element) {}
    }

    /** Compares all fields of the desired object, which has no status, with the live object. */
    public static List<Difference> between(JsonNode desired, JsonNode live) {
        Drift drift = new Drift();
        drift.fields("", List.of(), desired, live, false);
        return List.copyOf(drift.differences);
    }

    private void fields(String path, List<Difference.Step> steps, JsonNode desired, JsonNode live, boolean whole) {
        desired.properties().forEach(field -> {
            String name = field.getKey();
            List<Difference.Step> below = append(steps, new Difference.Step(name, Optional.empty()));
            compare(path.isEmpty() ? name : path + "." + name, below, field.getValue(), live.path(name));
        });
        if (whole) {
            live.fieldNames().forEachRemaining(name -> {
                if (!desired.has(name)) {
                    List<Difference.Step> below = append(steps, new Difference.Step(name, Optional.empty()));
                    differences.add(new Difference(path + "." + name, below));
                }
            });
        }
    }

    private void compare(String path, List<Difference.Step> steps, JsonNode desired, JsonNode live) {
        String name = steps.get(steps.size() - 1).field();
        if (live.isMissingNode() || live.isNull()) {
            if (!isEmptyValue(name, desired)) {
                differences.add(new Difference(path, steps));
            }
        } else if (desired.isObject() && live.isObject()) {
            fields(path, steps, desired, live, WHOLE.contains(name));
        } else if (desired.isArray() && live.isArray()) {
            elements(path, steps, desired, live);
        } else if (!same(steps, desired, live)) {
            differences.add(new Difference(path, steps));
        }
    }

    private void elements(String path, List<Difference.Step> steps, JsonNode desired, JsonNode live) {
        Optional<String> key = key(steps, desired);
        if (key.isPresent()) {
            for (JsonNode element : desired) {
                String id = id(element, key.get());
                compareElement(path, steps, id, element, find(live, key.get(), id));
            }
        } else if (desired.size() != live.size()) {
            differences.add(new Difference(path, steps));
        } else {
            for (int i = 0; i < desired.size(); i++) {
                compareInOrder(path + "[" + i + "]", steps, desired.get(i), live.get(i));
            }
        }
    }

    private void compareElement(String path, List<Difference.Step> steps, String id, JsonNode desired, JsonNode live) {
        String element = path + "[" + id + "]";
        Difference.Step last = steps.get(steps.size() - 1);
        List<Difference.Step> below =
                append(steps.subList(0, steps.size() - 1), new Difference.Step(last.field(), Optional.of(id)));
        if (live.isMissingNode()) {
            differences.add(new Difference(element, below));
        } else {
            fields(element, below, desired, live, false);
        }
    }

    private void compareInOrder(String path, List<Difference.Step> steps, JsonNode desired, JsonNode live) {
        if (desired.isObject() && live.isObject()) {
            fields(path, steps, desired, live, false);
        } else if (!same(steps, desired, live)) {
            differences.add(new Difference(path, steps));
        }
    }

    private static Optional<String> key(List<Difference.Step> steps, JsonNode list) {
        String name = steps.get(steps.size() - 1).field();
        boolean ofService = name.equals("ports") && list.path(0).has("port");
        String key = ofService ? "port" : TemplateMerge.key(name).orElseGet(() -> KEYS_OF_OTHERS.get(name));
        if (key == null) {
            return Optional.empty();
        }
        for (JsonNode element : list) {
            if (id(element, key).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(key);
    }

    /** Returns the key of an element; the key of a claim template is in its metadata. */
    private static String id(JsonNode element, String key) {
        JsonNode direct = element.path(key);
        return direct.isMissingNode() ? element.path("metadata").path(key).asText() : direct.asText();
    }

    private static JsonNode find(JsonNode list, String key, String id) {
        for (JsonNode element : list) {
            if (id(element, key).equals(id)) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isEmptyValue(String name, JsonNode desired) {
        if (desired.isContainerNode()) {
            return desired.isEmpty();
        }
        if (desired.isBoolean()) {
            return !desired.booleanValue() && ABSENT_WHEN_FALSE.contains(name);
        }
        return desired.isNull() || desired.asText().isEmpty() || (desired.isNumber() && desired.asDouble() == 0);
    }

    private static boolean same(List<Difference.Step> steps, JsonNode desired, JsonNode live) {
        if (desired.isNumber() && live.isNumber()) {
            return desired.decimalValue().compareTo(live.decimalValue()) == 0;
        }
        boolean quantity = steps.get(steps.size() - 1).field().equals("sizeLimit")
                || (steps.size() > 1
                        && QUANTITIES.contains(steps.get(steps.size() - 2).field()));
        return quantity ? sameAmount(desired.asText(), live.asText()) : desired.equals(live);
    }

    private static boolean sameAmount(String desired, String live) {
        try {
            return Quantity.getAmountInBytes(Quantity.parse(desired))
                            .compareTo(Quantity.getAmountInBytes(Quantity.parse(live)))
                    == 0;
        } catch (IllegalArgumentException e) {
            // Not a quantity: then only the same text is equal.
            return desired.equals(live);
        }
    }

    private static List<Difference.Step> append(List<Difference.Step> steps, Difference.Step step) {
        List<Difference.Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return longer;
    }
}
