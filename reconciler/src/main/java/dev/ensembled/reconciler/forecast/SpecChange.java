package dev.ensembled.reconciler.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A field whose value differs between two specs, to show to people. Values that may be secrets are not shown: variables of
 * containers, and fields and system properties whose name says that they are.
 *
 * @param path of the field below {@code spec}, such as {@code config.tickTime}
 * @param before empty if the field had no value
 * @param after empty if the field has no value any more
 */
public record SpecChange(String path, Optional<String> before, Optional<String> after) {
    static final String HIDDEN = "(hidden)";

    /** Writes default values too, which the spec leaves out where it is stored. */
    private static final ObjectMapper WITH_DEFAULTS = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public JsonInclude.Value findPropertyInclusion(Annotated annotated) {
                    return JsonInclude.Value.empty();
                }
            })
            .build();

    private static final Pattern SECRET_NAME = Pattern.compile("password|passwd|secret|token|credential");
    private static final Pattern VARIABLE = Pattern.compile("\\.env\\[[^]]*]\\.value$");
    private static final Pattern SECRET_PROPERTY = Pattern.compile(
            "(-D[^=\\s]*(?:password|passwd|secret|token|credential)[^=\\s]*=)\\S+", Pattern.CASE_INSENSITIVE);

    /** Returns the fields that differ, by path. Defaults count as values, so a default that is written out is no change. */
    public static List<SpecChange> between(EnsembleSpec before, EnsembleSpec after) {
        SortedMap<String, String> old = values(before);
        SortedMap<String, String> wanted = values(after);
        TreeSet<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(wanted.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(old.get(path), wanted.get(path)))
                .map(path -> new SpecChange(path, shown(path, old.get(path)), shown(path, wanted.get(path))))
                .toList();
    }

    private static Optional<String> shown(String path, String value) {
        boolean secret = VARIABLE.matcher(path).find()
                || SECRET_NAME.matcher(path.toLowerCase(Locale.ROOT)).find();
        return Optional.ofNullable(value)
                .map(text -> secret ? HIDDEN : SECRET_PROPERTY.matcher(text).replaceAll("$1" + HIDDEN));
    }

    private static SortedMap<String, String> values(EnsembleSpec spec) {
        SortedMap<String, String> values = new TreeMap<>();
        collect("", WITH_DEFAULTS.valueToTree(spec), values);
        return values;
    }

    private static void collect(String path, JsonNode node, SortedMap<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), values));
        } else if (node.isArray() && elements(node).allMatch(JsonNode::isValueNode)) {
            if (!node.isEmpty()) {
                values.put(path, elements(node).map(JsonNode::asText).collect(Collectors.joining(" ")));
            }
        } else if (node.isArray()) {
            boolean named =
                    elements(node).allMatch(element -> element.path("name").isTextual());
            for (int index = 0; index < node.size(); index++) {
                String element = named ? node.get(index).path("name").asText() : String.valueOf(index);
                collect(path + "[" + element + "]", node.get(index), values);
            }
        } else if (!node.isNull()) {
            values.put(path, node.asText());
        }
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
