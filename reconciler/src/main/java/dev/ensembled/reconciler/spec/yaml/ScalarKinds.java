package dev.ensembled.reconciler.spec.yaml;

import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** The kinds of scalars by YAML 1.1, which the tools of Kubernetes also read. */
final class ScalarKinds {
    /** More than the length of any number; matching longer text could exhaust the stack. */
    private static final int MAX_NUMBER_LENGTH = 64;

    private static final Resolver RESOLVER = new Resolver();

    private ScalarKinds() {}

    static ScalarKind of(ScalarEvent event) {
        if (!event.isPlain() || event.getTag() != null || event.getValue().length() > MAX_NUMBER_LENGTH) {
            return ScalarKind.STRING;
        }
        Tag tag = RESOLVER.resolve(NodeId.scalar, event.getValue(), true);
        if (tag.equals(Tag.INT)) {
            return ScalarKind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return ScalarKind.FLOAT;
        }
        if (tag.equals(Tag.BOOL)) {
            return ScalarKind.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? ScalarKind.NULL : ScalarKind.STRING;
    }
}
