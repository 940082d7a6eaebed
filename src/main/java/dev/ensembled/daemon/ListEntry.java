package dev.ensembled.daemon;

import dev.ensembled.reconciler.spec.model.DurationText;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One entry of a list in a mounted file: its fields by their types. A field of another type is an error that names its line. The
 * values of fields are not part of messages, since a URL may contain a secret.
 *
 * @param file for messages
 */
record ListEntry(ListFile file, Mapping fields) {

    /** The file is invalid at the place that the message names. */
    static final class InvalidException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        InvalidException(String message) {
            super(message);
        }
    }

    void requireKnown(Set<String> known) {
        fields.fields().forEach((name, field) -> {
            if (!known.contains(name)) {
                throw invalid(
                        field.key(),
                        "unknown field \"" + SafeText.of(name) + "\"; expected one of " + new TreeSet<>(known));
            }
        });
    }

    /** Returns the field {@code name}: a DNS label, since it may become a part of a path. */
    String name() {
        String name =
                text("name").orElseThrow(() -> invalid("name", "name is not set; expected a name, such as \"team-a\""));
        if (!ListFile.isName(name)) {
            throw invalid(
                    "name",
                    "name is \"" + SafeText.of(name)
                            + "\"; expected at most 63 lower-case letters, digits and dashes, with a letter or digit at"
                            + " both ends");
        }
        return name;
    }

    Optional<String> text(String field) {
        return set(field).map(node -> {
            if (node instanceof Scalar scalar && scalar.kind() == ScalarKind.STRING) {
                return scalar.text();
            }
            throw invalid(
                    node.location(), field + " is " + node.describe() + "; expected a string, in quotes if needed");
        });
    }

    /** Returns the fields of a mapping within the entry. */
    Optional<ListEntry> mapping(String field) {
        return set(field).map(node -> {
            if (node instanceof Mapping mapping) {
                return new ListEntry(file, mapping);
            }
            throw invalid(node.location(), field + " is " + node.describe() + "; expected a mapping");
        });
    }

    boolean flag(String field) {
        return set(field)
                .map(node -> {
                    if (node instanceof Scalar scalar && scalar.kind() == ScalarKind.BOOLEAN) {
                        return scalar.text().equals("true");
                    }
                    throw invalid(node.location(), field + " is " + node.describe() + "; expected true or false");
                })
                .orElse(false);
    }

    Duration duration(String field, Duration otherwise) {
        return text(field)
                .map(text -> DurationText.parse(text)
                        .orElseThrow(() -> invalid(
                                location(field),
                                field + " is \"" + SafeText.of(text) + "\"; expected a duration such as 30s or 5m")))
                .orElse(otherwise);
    }

    /** Returns the strings of a list; empty if the field is absent. */
    Set<String> texts(String field) {
        Set<String> texts = new TreeSet<>();
        set(field).ifPresent(node -> {
            if (!(node instanceof Sequence list) || list.items().isEmpty()) {
                throw invalid(
                        node.location(),
                        field + " is no list with values; expected a list of strings, or no such field");
            }
            for (YamlNode item : list.items()) {
                if (!(item instanceof Scalar scalar && scalar.kind() == ScalarKind.STRING)) {
                    throw invalid(item.location(), field + " has " + item.describe() + "; expected only strings");
                }
                texts.add(((Scalar) item).text());
            }
        });
        return texts;
    }

    private Optional<YamlNode> set(String field) {
        return fields.find(field).filter(node -> !(node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL));
    }

    private Location location(String field) {
        return fields.find(field).map(YamlNode::location).orElse(fields.location());
    }

    /** The error of a field. */
    InvalidException invalid(String field, String problem) {
        return invalid(location(field), problem);
    }

    private InvalidException invalid(Location at, String problem) {
        return file.invalid(at, problem);
    }
}
