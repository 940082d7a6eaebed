package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field of a pod template, such as {@code spec.containers[zookeeper].resources}: fields by name, elements of lists by
 * their name.
 */
record TemplatePath(List<String> steps) {
    private static final Pattern ELEMENT = Pattern.compile("(.*)\\[(.*)]");

    TemplatePath {
        steps = List.copyOf(steps);
    }

    static TemplatePath of(String text) {
        return new TemplatePath(List.of(text.split("\\.", -1)));
    }

    /** Removes the field from a template; does nothing if the field is absent. */
    void removeFrom(ObjectNode template) {
        JsonNode node = template;
        for (String step : steps.subList(0, steps.size() - 1)) {
            Matcher element = ELEMENT.matcher(step);
            node = element.matches()
                    ? PodTemplate.entry(node.path(element.group(1)), "name", element.group(2))
                    : node.path(step);
        }
        if (node instanceof ObjectNode object) {
            object.remove(steps.get(steps.size() - 1));
        }
    }
}
