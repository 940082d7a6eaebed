package dev.ensembled.reconciler.spec.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value in a YAML document, with its location. Aliases are replaced by their targets. Immutable. */
public sealed interface YamlNode {

    /** The location where the value begins. */
    Location location();

    /** The kind of the value, for people. */
    String describe();

    /** Keys with values, in the order of the file. Of a duplicate key, the first value is kept. */
    record Mapping(Location location, Map<String, Field> fields) implements YamlNode {
        public Mapping {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String describe() {
            return "a mapping";
        }

        /** The value at a path of keys; empty if the path ends early. */
        public Optional<YamlNode> find(String... path) {
            YamlNode node = this;
            for (String key : path) {
                Field field = node instanceof Mapping mapping ? mapping.fields.get(key) : null;
                if (field == null) {
                    return Optional.empty();
                }
                node = field.value();
            }
            return Optional.of(node);
        }

        /** The scalar at a path of keys; empty if it is null or absent. */
        public Optional<Scalar> scalar(String... path) {
            return find(path)
                    .filter(Scalar.class::isInstance)
                    .map(Scalar.class::cast)
                    .filter(scalar -> scalar.kind() != ScalarKind.NULL);
        }

        /** The scalar at a path of keys, if it is a string by YAML. */
        public Optional<Scalar> string(String... path) {
            return scalar(path).filter(scalar -> scalar.kind() == ScalarKind.STRING);
        }

        /** The mapping at a path of keys. */
        public Optional<Mapping> mapping(String... path) {
            return find(path).filter(Mapping.class::isInstance).map(Mapping.class::cast);
        }

        /** The items of the sequence at a path of keys; empty if there is no sequence. */
        public List<YamlNode> items(String... path) {
            return find(path)
                    .filter(Sequence.class::isInstance)
                    .map(node -> ((Sequence) node).items())
                    .orElse(List.of());
        }
    }

    /** A value with the location of its key. */
    record Field(Location key, YamlNode value) {}

    /** Values in order. */
    record Sequence(Location location, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /**
     * A single value.
     *
     * @param text the text as in the file, without quotes
     * @param kind the kind of value that it is by YAML
     */
    record Scalar(Location location, String text, ScalarKind kind) implements YamlNode {
        @Override
        public String describe() {
            return kind.description;
        }
    }

    /** The kind of a scalar by YAML. Quoted scalars are strings. */
    enum ScalarKind {
        STRING("a string"),
        INTEGER("a number"),
        FLOAT("a decimal number"),
        BOOLEAN("a boolean"),
        NULL("null");

        private final String description;

        ScalarKind(String description) {
            this.description = description;
        }
    }
}
