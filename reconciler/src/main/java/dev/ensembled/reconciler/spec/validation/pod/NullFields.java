package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nulls of a pod template. The Java model and the clients of the API server lose them, so the defaults that they
 * remove are listed in {@code spec.podTemplateUnset}: each by its path in the pod template, with elements of lists by
 * their name.
 */
public final class NullFields {
    /** The field that lists the defaults that nulls remove. */
    public static final String FIELD = "podTemplateUnset";

    private final List<Null> found = new ArrayList<>();

    /**
     * A null value.
     *
     * @param path the path in the pod template, such as {@code spec.containers[zookeeper].resources}
     * @param field the same path from the root of the document, with elements by their index
     */
    record Null(String path, String field, Location location) {}

    private NullFields() {}

    /** All nulls below the pod template; the template itself may be null. */
    static List<Null> in(Mapping spec) {
        NullFields nulls = new NullFields();
        spec.mapping("podTemplate").ifPresent(template -> nulls.below(template, "", "spec.podTemplate."));
        return List.copyOf(nulls.found);
    }

    /** The defaults of the pod template that a spec removes, by nulls or by the field that lists them. */
    public static Set<String> unset(Mapping spec) {
        Set<String> unset = new TreeSet<>();
        in(spec).forEach(each -> unset.add(each.path()));
        for (YamlNode item : spec.items(FIELD)) {
            if (item instanceof Scalar path) {
                unset.add(path.text());
            }
        }
        return unset;
    }

    private void below(Mapping mapping, String path, String field) {
        mapping.fields().forEach((key, entry) -> node(entry.value(), path + key, field + key));
    }

    private void node(YamlNode node, String path, String field) {
        if (Scalars.isNull(node)) {
            found.add(new Null(path, field, node.location()));
        } else if (node instanceof Mapping mapping) {
            below(mapping, path + ".", field + ".");
        } else if (node instanceof Sequence sequence) {
            for (int index = 0; index < sequence.items().size(); index++) {
                YamlNode item = sequence.items().get(index);
                node(item, path + "[" + name(item, index) + "]", field + "[" + index + "]");
            }
        }
    }

    private static String name(YamlNode item, int index) {
        return item instanceof Mapping mapping
                ? mapping.scalar("name").map(Scalar::text).orElse(String.valueOf(index))
                : String.valueOf(index);
    }
}
