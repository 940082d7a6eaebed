package dev.ensembled.reconciler.spec.yaml;

import dev.ensembled.reconciler.spec.yaml.YamlDocument.YamlProblem;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Builds trees from a parser's events and stops at the first limit that is exceeded. The target of an alias counts each
 * time that it is used, so that a short text cannot expand to a huge tree.
 */
final class TreeBuilder {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ALIASES = 100;
    private static final int MAX_NODES = 50_000;
    private static final int MAX_PROBLEMS = 200;
    private static final int MAX_PATH_LENGTH = 600;

    private final String text;
    private final int linesBefore;
    private final List<YamlDocument> documents = new ArrayList<>();
    private final Deque<OpenNode> open = new ArrayDeque<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private List<YamlProblem> problems = new ArrayList<>();
    private Optional<YamlNode> root = Optional.empty();
    private Optional<Location> start = Optional.empty();
    private boolean complete = true;
    private int nodes;
    private int aliases;

    /** The target of an anchor, with the cost of each use. */
    private record Anchored(YamlNode node, int nodes, int height) {}

    TreeBuilder(String text, int linesBefore) {
        this.text = text;
        this.linesBefore = linesBefore;
    }

    /** The documents that have been read so far. */
    List<YamlDocument> documents() {
        finish();
        return documents;
    }

    /** Ends the current document with a problem and keeps the part that has been read. */
    void abort(Location location, String message) {
        problems.add(new YamlProblem(location, path(), message));
        start = Optional.of(start.orElse(location));
        complete = false;
        finish();
    }

    /** Handles the next event; returns false if nothing further should be read. */
    boolean accept(Event event) {
        if (event instanceof DocumentStartEvent document) {
            start = Optional.of(location(document));
        } else if (event instanceof DocumentEndEvent) {
            finish();
        } else if (event instanceof CollectionEndEvent) {
            close();
        } else if (event instanceof NodeEvent node) {
            Optional<String> refusal = node(node);
            refusal.ifPresent(message -> abort(location(node), message));
            return refusal.isEmpty();
        }
        return true;
    }

    private Optional<String> node(NodeEvent event) {
        nodes++;
        if (open.size() >= MAX_DEPTH) {
            return Optional.of("nested more than " + MAX_DEPTH + " levels deep");
        }
        if (nodes > MAX_NODES) {
            return Optional.of(
                    "more than " + MAX_NODES + " values in one document, including those that aliases repeat");
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (event instanceof CollectionStartEvent collection) {
            tag(collection.getTag(), location(event));
            open.push(OpenNode.of(collection, location(event), nodes));
        } else {
            scalar((ScalarEvent) event);
        }
        return Optional.empty();
    }

    private Optional<String> alias(AliasEvent event) {
        Anchored target = anchors.get(event.getAnchor());
        aliases++;
        if (target == null) {
            return Optional.of("the alias *" + event.getAnchor() + " has no anchor before it");
        }
        if (aliases > MAX_ALIASES) {
            return Optional.of("more than " + MAX_ALIASES + " aliases in one document: repeat the values instead");
        }
        nodes += target.nodes();
        if (nodes > MAX_NODES || open.size() + target.height() > MAX_DEPTH) {
            return Optional.of("the document is too large with its aliases expanded: use fewer aliases");
        }
        add(target.node(), target.height());
        return Optional.empty();
    }

    private void scalar(ScalarEvent event) {
        tag(event.getTag(), location(event));
        Characters.objection(event.getValue())
                .ifPresent(problem -> problems.add(new YamlProblem(location(event), path(), problem)));
        Scalar scalar = new Scalar(location(event), event.getValue(), ScalarKinds.of(event));
        anchor(event, scalar, 1, 1);
        add(scalar, 1);
    }

    private void tag(String tag, Location location) {
        if (tag != null && !tag.equals("!")) {
            problem(location, "YAML tags such as " + cut(tag) + " are not supported: remove it");
        }
    }

    private void close() {
        OpenNode frame = open.pop();
        YamlNode node = frame.node();
        int height = frame.height() + 1;
        frame.anchor().ifPresent(name -> anchors.put(name, new Anchored(node, nodes - frame.nodesBefore(), height)));
        add(node, height);
    }

    private void anchor(NodeEvent event, YamlNode node, int size, int height) {
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), new Anchored(node, size, height));
        }
    }

    private void add(YamlNode node, int height) {
        if (open.isEmpty()) {
            root = Optional.of(node);
            return;
        }
        OpenNode parent = open.peek();
        parent.grow(height);
        parent.add(node).ifPresent(problem -> problem(node.location(), problem));
    }

    /** Adds a problem, up to a limit beyond which no person reads them; each may have a text as long as the file. */
    private void problem(Location location, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new YamlProblem(location, path(), cut(message)));
        }
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (Iterator<OpenNode> outer = open.descendingIterator();
                outer.hasNext() && path.length() < MAX_PATH_LENGTH; ) {
            path.append(cut(outer.next().step(path.isEmpty())));
        }
        return cut(path.toString());
    }

    private static String cut(String text) {
        return text.length() <= MAX_PATH_LENGTH ? text : text.substring(0, MAX_PATH_LENGTH) + "...";
    }

    private void finish() {
        while (!open.isEmpty()) {
            close();
        }
        start.ifPresent(location -> documents.add(new YamlDocument(location, text, root, complete, problems)));
        start = Optional.empty();
        root = Optional.empty();
        problems = new ArrayList<>();
        complete = true;
        anchors.clear();
        nodes = 0;
        aliases = 0;
    }

    private Location location(Event event) {
        Mark mark = event.getStartMark();
        return new Location(linesBefore + mark.getLine() + 1, mark.getColumn() + 1);
    }
}
