package dev.ensembled.reconciler.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ensembled.reconciler.spec.yaml.Place;
import dev.ensembled.reconciler.spec.yaml.YamlDocument;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one document: is it an ensemble, what is wrong with it, and what does it say. */
final class DocumentReader {
    private static final String API_VERSION = ZooKeeperEnsemble.GROUP + "/" + ZooKeeperEnsemble.VERSION;
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "spec");

    private final JSONSchemaProps schema;
    private final List<SpecRule> rules;
    private final String defaultNamespace;
    private final Policy policy;

    /**
     * What one document says.
     *
     * @param id the ensemble that it names, as far as its name could be read
     * @param place of the name, or of the document
     * @param resource the ensemble, if nothing is wrong with it
     */
    record Reading(Optional<EnsembleId> id, Place place, Optional<ZooKeeperEnsemble> resource) {}

    DocumentReader(String defaultNamespace, Policy policy) {
        this.schema = EnsembleSchema.spec();
        this.rules = SpecRule.all(policy);
        this.defaultNamespace = defaultNamespace;
        this.policy = policy;
    }

    /** What a document says of an ensemble; empty if it is of another kind or says nothing. */
    Optional<Reading> read(YamlDocument document, Findings findings) {
        int before = findings.count();
        document.problems().forEach(problem -> findings.violation(problem.place(), problem.path(), problem.message()));
        if (!document.complete()) {
            return broken(document);
        }
        Optional<YamlNode> root = document.root().filter(node -> !isNothing(node));
        if (root.isEmpty()) {
            return Optional.empty();
        }
        if (!(root.get() instanceof Mapping mapping)) {
            findings.note(
                    root.get().place(),
                    "",
                    "ignored: no Kubernetes object, but " + root.get().describe());
            return Optional.empty();
        }
        return isOurs(mapping, findings) ? Optional.of(ensemble(mapping, findings, before)) : Optional.empty();
    }

    private static boolean isNothing(YamlNode node) {
        return node instanceof Scalar scalar && scalar.kind() == YamlNode.ScalarKind.NULL;
    }

    /** Of a document that ends in the middle, only the name counts, unless it is known to be of another kind. */
    private Optional<Reading> broken(YamlDocument document) {
        Optional<Mapping> root =
                document.root().filter(Mapping.class::isInstance).map(Mapping.class::cast);
        Optional<String> kind = root.flatMap(mapping -> mapping.scalar("kind")).map(Scalar::text);
        return kind.filter(ZooKeeperEnsemble.KIND::equals).isPresent() || kind.isEmpty()
                ? root.map(mapping -> new Reading(id(mapping), place(mapping), Optional.empty()))
                : Optional.empty();
    }

    private static boolean isOurs(Mapping root, Findings findings) {
        String apiVersion = root.scalar("apiVersion").map(Scalar::text).orElse("");
        String kind = root.scalar("kind").map(Scalar::text).orElse("");
        boolean ourGroup = apiVersion.startsWith(ZooKeeperEnsemble.GROUP + "/");
        boolean ourKind =
                Suggestion.closest(kind, Set.of(ZooKeeperEnsemble.KIND)).isPresent();
        if (!ourGroup && !ourKind) {
            String what = kind.isEmpty() ? "it has no kind" : "kind " + kind;
            findings.note(root.place(), "", "ignored: " + what + ", not " + ZooKeeperEnsemble.KIND);
        }
        return ourGroup || ourKind;
    }

    private Reading ensemble(Mapping root, Findings findings, int before) {
        expect(root, "apiVersion", API_VERSION, findings);
        expect(root, "kind", ZooKeeperEnsemble.KIND, findings);
        root.fields().forEach((key, field) -> {
            if (key.equals("status")) {
                findings.violation(field.key(), key, "is written by ensembled, and never in a file: remove it");
            } else if (!FIELDS.contains(key)) {
                findings.violation(field.key(), key, "unknown field" + Suggestion.didYouMean(key, FIELDS));
            }
        });
        new MetadataRule(policy, findings).check(root, defaultNamespace);
        spec(root, findings);
        Optional<EnsembleId> id = id(root);
        Optional<ZooKeeperEnsemble> resource =
                findings.count() == before ? id.flatMap(name -> bind(root, name, findings)) : Optional.empty();
        return new Reading(id, place(root), resource);
    }

    private static void expect(Mapping root, String field, String value, Findings findings) {
        Optional<YamlNode> found = root.find(field);
        if (found.isEmpty()
                || !(found.get() instanceof Scalar scalar && scalar.text().equals(value))) {
            findings.violation(found.orElse(root).place(), field, "must be " + value);
        }
    }

    private void spec(Mapping root, Findings findings) {
        Optional<YamlNode> spec = root.find("spec").filter(node -> !isNothing(node));
        if (spec.isEmpty()) {
            findings.violation(root.place(), "spec", "must be set, with at least version and voters");
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

    private static Place place(Mapping root) {
        return root.scalar("metadata", "name").map(Scalar::place).orElse(root.place());
    }

    private static Optional<ZooKeeperEnsemble> bind(Mapping root, EnsembleId id, Findings findings) {
        try {
            return Optional.of(ResourceBinding.bind(root, id));
        } catch (JsonProcessingException e) {
            findings.violation(root.place(), "", "cannot be read as an ensemble: " + e.getOriginalMessage());
            return Optional.empty();
        }
    }
}
