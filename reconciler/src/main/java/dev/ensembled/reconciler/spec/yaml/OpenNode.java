package dev.ensembled.reconciler.spec.yaml;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Field;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;

/** A collection whose end has not been read yet. */
final class OpenNode {
    private static final String MERGE_KEY = "<<";

    private final boolean mapping;
    private final Location location;
    private final Optional<String> anchor;
    private final int nodesBefore;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<YamlNode> items = new ArrayList<>();
    private Optional<YamlNode> key = Optional.empty();
    private int height;

    private OpenNode(boolean mapping, Location location, Optional<String> anchor, int nodesBefore) {
        this.mapping = mapping;
        this.location = location;
        this.anchor = anchor;
        this.nodesBefore = nodesBefore;
    }

    static OpenNode of(CollectionStartEvent event, Location location, int nodesBefore) {
        return new OpenNode(
                event instanceof MappingStartEvent, location, Optional.ofNullable(event.getAnchor()), nodesBefore);
    }

    /** Adds the next key, value or item; returns what is wrong with a key, to which the path then leads. */
    Optional<String> add(YamlNode node) {
        if (!mapping) {
            items.add(node);
            return Optional.empty();
        }
        if (key.isEmpty()) {
            key = Optional.of(node);
            return checkKey(node);
        }
        if (key.get() instanceof Scalar name && !isMergeKey(name)) {
            fields.putIfAbsent(name.text(), new Field(name.location(), node));
        }
        key = Optional.empty();
        return Optional.empty();
    }

    private static boolean isMergeKey(Scalar name) {
        return name.text().equals(MERGE_KEY) && name.kind() == ScalarKind.STRING;
    }

    private Optional<String> checkKey(YamlNode node) {
        if (!(node instanceof Scalar name)) {
            return Optional.of("a key must be a scalar, not " + node.describe());
        }
        if (isMergeKey(name)) {
            return Optional.of("merge keys (<<) are not supported: repeat the fields");
        }
        Field earlier = fields.get(name.text());
        if (earlier == null) {
            return Optional.empty();
        }
        return Optional.of("is already set at line %d, column %d: remove one of the two"
                .formatted(earlier.key().line(), earlier.key().column()));
    }

    /** The part of the collection that has been read. A key without a value at the end is dropped. */
    YamlNode node() {
        return mapping ? new Mapping(location, fields) : new Sequence(location, items);
    }

    /** The part of a path that leads to the next value. */
    String step(boolean first) {
        if (!mapping) {
            return "[" + items.size() + "]";
        }
        if (key.isPresent() && key.get() instanceof Scalar name) {
            return first ? name.text() : "." + name.text();
        }
        return "";
    }

    void grow(int childHeight) {
        height = Math.max(height, childHeight);
    }

    int height() {
        return height;
    }

    Optional<String> anchor() {
        return anchor;
    }

    int nodesBefore() {
        return nodesBefore;
    }
}
