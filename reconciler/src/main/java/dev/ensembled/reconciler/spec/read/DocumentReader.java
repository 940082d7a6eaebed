package dev.ensembled.reconciler.spec.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.FieldSchema;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.MetadataRule;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.SchemaCheck;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.Suggestion;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlDocument;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads one document: whether it is an ensemble, what it says, and its violations. */
final class DocumentReader {
    private static final String API_VERSION = ZooKeeperEnsemble.GROUP + "/" + ZooKeeperEnsemble.VERSION;
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "spec");

    private final FieldSchema schema;
    private final List<SpecRule> rules;
    private final String defaultNamespace;
    private final Policy policy;

    /**
     * The content of one document.
     *
     * @param id the ensemble that the document names, as far as its name could be read
     * @param location the location of the name, or of the document
     * @param resource the ensemble, if it has no violations
     */
    record Result(Optional<EnsembleId> id, Location location, Optional<ZooKeeperEnsemble> resource) {}

    DocumentReader(String defaultNamespace, Policy policy) {
        this.schema = EnsembleSchema.spec();
        this.rules = SpecRules.all(policy);
        this.defaultNamespace = defaultNamespace;
        this.policy = policy;
    }

    /**
     * The ensembles in a document; none if it is of another kind or empty. Only documents of our kind can have
     * violations, because repositories also hold the files of other tools.
     */
    List<Result> read(YamlDocument document, Findings findings) {
        Optional<YamlNode> root = document.root().filter(node -> !isNull(node));
        Optional<Mapping> mapping = root.filter(Mapping.class::isInstance).map(Mapping.class::cast);
        boolean ours = mapping.filter(DocumentReader::isOurs).isPresent();
        if (ours || (!document.problems().isEmpty() && KindDetector.isOurs(document.text()))) {
            int before = findings.count();
            document.problems()
                    .forEach(problem -> findings.violation(problem.location(), problem.path(), problem.message()));
            return ours && document.complete()
                    ? List.of(ensemble(mapping.get(), findings, before))
                    : mapping.map(this::broken).stream().toList();
        }
        List<Mapping> listed = root.stream()
                .flatMap(DocumentReader::items)
                .filter(DocumentReader::isOurs)
                .toList();
        if (listed.isEmpty()) {
            noteOther(document, findings);
        }
        return listed.stream().map(item -> listed(item, findings)).toList();
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof Scalar scalar && scalar.kind() == YamlNode.ScalarKind.NULL;
    }

    private static boolean isOurs(Mapping root) {
        String kind = root.scalar("kind").map(Scalar::text).orElse("");
        return root.scalar("apiVersion")
                        .filter(version -> version.text().startsWith(ZooKeeperEnsemble.GROUP + "/"))
                        .isPresent()
                || Suggestion.closest(kind, Set.of(ZooKeeperEnsemble.KIND)).isPresent();
    }

    /** The reading of a document that cannot be read as a whole: only its name counts. */
    private Result broken(Mapping root) {
        return new Result(id(root), location(root), Optional.empty());
    }

    /** The items of a list of resources, written as {@code kind: List} or as a YAML list. */
    private static Stream<Mapping> items(YamlNode root) {
        List<YamlNode> items = List.of();
        if (root instanceof Sequence sequence) {
            items = sequence.items();
        } else if (root instanceof Mapping mapping
                && mapping.scalar("kind")
                        .filter(kind -> kind.text().endsWith("List"))
                        .isPresent()) {
            items = mapping.items("items");
        }
        return items.stream().filter(Mapping.class::isInstance).map(Mapping.class::cast);
    }

    private Result listed(Mapping item, Findings findings) {
        findings.violation(
                item.location(), "", "an ensemble in a list is not supported: write it as a separate document");
        return broken(item);
    }

    private static void noteOther(YamlDocument document, Findings findings) {
        Optional<YamlNode> root = document.root().filter(node -> !isNull(node));
        if (!document.complete()) {
            findings.note(
                    document.location(),
                    "",
                    "ignored: cannot be read, and does not declare the kind " + ZooKeeperEnsemble.KIND + ": "
                            + document.problems().get(0).message());
        } else if (root.isPresent() && root.get() instanceof Mapping mapping) {
            String kind = mapping.scalar("kind")
                    .map(Scalar::text)
                    .map(text -> "kind " + text + ", not " + ZooKeeperEnsemble.KIND)
                    .orElse("kind is not set");
            findings.note(mapping.location(), "", "ignored: " + kind);
        } else {
            root.ifPresent(node ->
                    findings.note(node.location(), "", "ignored: not a Kubernetes object, but " + node.describe()));
        }
    }

    private Result ensemble(Mapping root, Findings findings, int before) {
        expect(root, "apiVersion", API_VERSION, findings);
        expect(root, "kind", ZooKeeperEnsemble.KIND, findings);
        root.fields().forEach((key, field) -> {
            if (key.equals("status")) {
                findings.violation(field.key(), key, "is written by ensembled and not allowed in a file: remove it");
            } else if (!FIELDS.contains(key)) {
                findings.violation(field.key(), key, "unknown field" + Suggestion.didYouMean(key, FIELDS));
            }
        });
        new MetadataRule(policy, findings).check(root, defaultNamespace);
        spec(root, findings);
        Optional<EnsembleId> id = id(root);
        Optional<ZooKeeperEnsemble> resource =
                findings.count() == before ? id.flatMap(name -> bind(root, name, findings)) : Optional.empty();
        return new Result(id, location(root), resource);
    }

    private static void expect(Mapping root, String field, String value, Findings findings) {
        Optional<YamlNode> found = root.find(field);
        if (found.isEmpty()
                || !(found.get() instanceof Scalar scalar && scalar.text().equals(value))) {
            findings.violation(found.orElse(root).location(), field, "must be " + value);
        }
    }

    private void spec(Mapping root, Findings findings) {
        Optional<YamlNode> spec = root.find("spec").filter(node -> !isNull(node));
        if (spec.isEmpty()) {
            findings.violation(root.location(), "spec", "must be set, with at least version and voters");
            return;
        }
        new SchemaCheck(findings).check(spec.get(), schema, "spec");
        if (spec.get() instanceof Mapping mapping) {
            rules.forEach(rule -> rule.check(mapping, findings));
        }
    }

    private Optional<EnsembleId> id(Mapping root) {
        String namespace =
                root.scalar("metadata", "namespace").map(Scalar::text).orElse(defaultNamespace);
        return root.scalar("metadata", "name").map(name -> new EnsembleId(namespace, name.text()));
    }

    private static Location location(Mapping root) {
        return root.scalar("metadata", "name").map(Scalar::location).orElse(root.location());
    }

    private static Optional<ZooKeeperEnsemble> bind(Mapping root, EnsembleId id, Findings findings) {
        try {
            return Optional.of(ResourceBinding.bind(root, id));
        } catch (JsonProcessingException e) {
            findings.violation(
                    root.location(),
                    "",
                    "cannot be decoded as a " + ZooKeeperEnsemble.KIND + ": " + e.getOriginalMessage());
            return Optional.empty();
        }
    }
}
