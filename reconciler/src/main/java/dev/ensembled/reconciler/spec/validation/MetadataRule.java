package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Field;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.util.Set;
import java.util.regex.Pattern;

/** The name is short enough for everything that is named after it, and the namespace may contain ensembles. */
public final class MetadataRule {
    /** The pods' label controller-revision-hash is the name with a dash and ten more characters, and may have 63. */
    private static final int MAX_NAME_LENGTH = 52;

    private static final int MAX_LABEL_LENGTH = 63;
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern LABEL_KEY = Pattern.compile(EnsembleSpec.LABEL_KEY_PATTERN);
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
    private static final Pattern RESERVED = Pattern.compile(
            "\\s*(?:[^/]*\\.)?" + Pattern.quote(ZooKeeperEnsemble.GROUP) + "\\.?/", Pattern.CASE_INSENSITIVE);
    private static final Set<String> FIELDS = Set.of("name", "namespace", "labels", "annotations");

    private final Policy policy;
    private final Findings findings;

    public MetadataRule(Policy policy, Findings findings) {
        this.policy = policy;
        this.findings = findings;
    }

    public void check(Mapping root, String defaultNamespace) {
        YamlNode metadata = root.find("metadata").orElse(root);
        if (metadata == root || !(metadata instanceof Mapping mapping)) {
            findings.violation(metadata.location(), "metadata", "must be a mapping with a name: metadata: {name: ...}");
            return;
        }
        mapping.fields().forEach((key, field) -> field(key, field));
        if (mapping.scalar("name").isEmpty()) {
            findings.violation(mapping.location(), "metadata.name", "must be set");
        }
        if (mapping.find("namespace").filter(node -> !Scalars.isNull(node)).isEmpty()) {
            policy.whyNot(defaultNamespace)
                    .ifPresent(
                            why -> findings.violation(mapping.location(), "metadata.namespace", "must be set: " + why));
        }
    }

    private void field(String key, Field field) {
        String path = "metadata." + key;
        switch (key) {
            case "name" -> string(field, path, this::name);
            case "namespace" -> string(field, path, this::namespace);
            case "labels" -> map(field, path, true);
            case "annotations" -> map(field, path, false);
            default ->
                findings.violation(
                        field.key(), path, "unknown or not allowed in a file" + Suggestion.didYouMean(key, FIELDS));
        }
    }

    private interface Check {
        void check(Scalar value, String path);
    }

    private void string(Field field, String path, Check check) {
        if (field.value() instanceof Scalar scalar && scalar.kind() == ScalarKind.STRING) {
            check.check(scalar, path);
        } else if (!(field.value() instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL)) {
            findings.violation(
                    field.value().location(),
                    path,
                    "must be a string, not " + field.value().describe() + ": put it in quotes");
        }
    }

    private void name(Scalar name, String path) {
        if (name.text().length() > MAX_NAME_LENGTH) {
            findings.violation(
                    name.location(),
                    path,
                    "must have at most %d characters, not %d: labels of the pods contain it"
                            .formatted(MAX_NAME_LENGTH, name.text().length()));
        } else if (!NAME.matcher(name.text()).matches()) {
            findings.violation(
                    name.location(),
                    path,
                    "must consist of lower-case letters, digits and dashes, begin with a letter and not end with a dash:"
                            + " it is the name of a Service");
        } else if (name.text().endsWith("-headless")) {
            findings.violation(
                    name.location(),
                    path,
                    "must not end in -headless: a Service of another ensemble can have that name");
        } else {
            ServiceLinks.conflict(name.text()).ifPresent(conflict -> findings.note(name.location(), path, conflict));
        }
    }

    private void namespace(Scalar namespace, String path) {
        String text = namespace.text();
        if (text.length() > MAX_LABEL_LENGTH || !NAMESPACE.matcher(text).matches()) {
            findings.violation(
                    namespace.location(),
                    path,
                    "must consist of at most 63 lower-case letters, digits and dashes, and begin and end with a letter or digit");
        } else {
            policy.whyNot(text).ifPresent(why -> findings.violation(namespace.location(), path, why));
        }
    }

    private void map(Field field, String path, boolean labels) {
        if (!(field.value() instanceof Mapping mapping)) {
            if (!(field.value() instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL)) {
                findings.violation(
                        field.value().location(),
                        path,
                        "must be a mapping of keys to strings, not "
                                + field.value().describe());
            }
            return;
        }
        mapping.fields().forEach((key, entry) -> {
            if (RESERVED.matcher(key).lookingAt()) {
                findings.violation(
                        entry.key(),
                        path + "." + key,
                        "keys of " + ZooKeeperEnsemble.GROUP
                                + " are reserved for ensembled and for requests by kubectl: remove it");
            } else if (key.length() > 317 || !LABEL_KEY.matcher(key).matches()) {
                findings.violation(entry.key(), path + "." + key, "must be a qualified name, such as example.com/team");
            }
            string(entry, path + "." + key, (value, at) -> {
                if (labels && !isLabelValue(value.text())) {
                    findings.violation(
                            value.location(),
                            at,
                            "must have at most 63 letters, digits, dashes, dots and underscores,"
                                    + " and begin and end with a letter or digit");
                }
            });
        });
    }

    private static boolean isLabelValue(String text) {
        return text.length() <= MAX_LABEL_LENGTH && LABEL_VALUE.matcher(text).matches();
    }
}
