package dev.ensembled.reconciler.spec.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The schema of one field, as it is written in the custom resource definition. Reads the tree itself: the client's model of
 * schemas takes longer to load than all else that a command does with a small file.
 */
public record FieldSchema(JsonNode tree) {

    /** Empty for a value of zoo.cfg, which is any scalar. */
    Optional<String> type() {
        return text("type");
    }

    String description() {
        return text("description").orElse("");
    }

    /** Whether the schema does not describe the fields, so that rules check them. */
    boolean isOpen() {
        return tree.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    /** The names of the fields, in the order of the definition. */
    Set<String> fields() {
        Set<String> names = new LinkedHashSet<>();
        tree.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The schema of one of the {@link #fields()}. */
    FieldSchema field(String name) {
        return new FieldSchema(tree.path("properties").path(name));
    }

    List<String> required() {
        return texts("required").toList();
    }

    /** The schema of all values, if the names of the fields are free. */
    Optional<FieldSchema> values() {
        return Optional.of(tree.path("additionalProperties"))
                .filter(JsonNode::isObject)
                .map(FieldSchema::new);
    }

    FieldSchema items() {
        return new FieldSchema(tree.path("items"));
    }

    OptionalInt maxProperties() {
        return number("maxProperties");
    }

    OptionalInt maxItems() {
        return number("maxItems");
    }

    OptionalInt maxLength() {
        return number("maxLength");
    }

    OptionalInt minLength() {
        return number("minLength");
    }

    Optional<BigInteger> minimum() {
        return bound("minimum");
    }

    Optional<BigInteger> maximum() {
        return bound("maximum");
    }

    Optional<String> pattern() {
        return text("pattern");
    }

    /** The values that are allowed, sorted; empty if any value is. */
    List<String> allowed() {
        return texts("enum").sorted().toList();
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(tree.path(name).textValue());
    }

    private Stream<String> texts(String name) {
        return StreamSupport.stream(tree.path(name).spliterator(), false).map(JsonNode::asText);
    }

    private OptionalInt number(String name) {
        JsonNode value = tree.path(name);
        return value.isNumber() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
    }

    private Optional<BigInteger> bound(String name) {
        return Optional.of(tree.path(name)).filter(JsonNode::isNumber).map(JsonNode::bigIntegerValue);
    }
}
