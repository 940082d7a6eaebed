package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.DurationText;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Compares single values with the generated schema. */
final class ScalarCheck {
    /** The meaning of the patterns of the schema, for people. */
    private static final Map<String, String> FORMS = Map.of(
            DurationText.PATTERN, "a duration such as 5s, 5m or 1h30m",
            EnsembleSpec.BYTES_PATTERN, "a size such as 512Mi or 10Gi",
            EnsembleSpec.VERSION_PATTERN, "a full version such as 3.9.5",
            EnsembleSpec.IMAGE_PATTERN, "an image such as docker.io/library/zookeeper:3.9.5",
            EnsembleSpec.OPTION_PATTERN, "a single option that begins with a dash and has no spaces",
            EnsembleSpec.LABEL_KEY_PATTERN, "a label key such as kubernetes.io/hostname",
            EnsembleSpec.DNS_SUBDOMAIN_PATTERN, "a name of lower-case letters, digits, dashes and dots");

    private final Findings findings;

    ScalarCheck(Findings findings) {
        this.findings = findings;
    }

    void check(Scalar scalar, FieldSchema schema, String path) {
        Optional<String> ambiguity = Scalars.ambiguity(scalar);
        if (ambiguity.isPresent()) {
            findings.violation(scalar.location(), path, ambiguity.get());
            return;
        }
        switch (schema.type().orElse("scalar")) {
            case "integer" -> integer(scalar, schema, path);
            case "boolean" -> require(Scalars::isBoolean, "true or false", scalar, path);
            case "string" -> string(scalar, schema, path);
            default -> length(scalar, schema, path);
        }
    }

    /** What the schema expects, for people. */
    static String wanted(FieldSchema schema) {
        if (schema.type().isEmpty()) {
            return "a single value";
        }
        return switch (schema.type().get()) {
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            default -> schema.pattern().map(ScalarCheck::form).orElse("a string");
        };
    }

    private static String form(String pattern) {
        return FORMS.getOrDefault(pattern, "a string that matches " + pattern);
    }

    private void require(Predicate<Scalar> condition, String wanted, Scalar scalar, String path) {
        if (!condition.test(scalar)) {
            findings.violation(scalar.location(), path, "must be " + wanted + ", not " + shown(scalar));
        }
    }

    private static String shown(Scalar scalar) {
        String text = scalar.text().length() > 60 ? scalar.text().substring(0, 60) + "..." : scalar.text();
        return scalar.kind() == ScalarKind.STRING ? "\"" + text + "\"" : text;
    }

    private void integer(Scalar scalar, FieldSchema schema, String path) {
        Optional<BigInteger> number = Scalars.integer(scalar);
        if (number.isEmpty()) {
            require(Scalars::isInteger, "a whole number", scalar, path);
            return;
        }
        BigInteger least = schema.minimum().orElse(BigInteger.valueOf(Integer.MIN_VALUE));
        BigInteger most = schema.maximum().orElse(BigInteger.valueOf(Integer.MAX_VALUE));
        if (number.get().compareTo(least) < 0 || number.get().compareTo(most) > 0) {
            findings.violation(
                    scalar.location(), path, "must be from " + least + " to " + most + ", not " + shown(scalar));
        }
    }

    private void string(Scalar scalar, FieldSchema schema, String path) {
        if (scalar.kind() != ScalarKind.STRING) {
            String hint = schema.pattern().isEmpty() ? ": put it in quotes if a string is intended" : "";
            findings.violation(
                    scalar.location(), path, "must be " + wanted(schema) + ", not " + scalar.describe() + hint);
            return;
        }
        if (!length(scalar, schema, path)) {
            return;
        }
        List<String> values = schema.allowed();
        if (!values.isEmpty() && !values.contains(scalar.text())) {
            findings.violation(
                    scalar.location(),
                    path,
                    "must be " + String.join(" or ", values) + ", not " + shown(scalar)
                            + Suggestion.didYouMean(scalar.text(), values));
        }
        schema.pattern().ifPresent(form -> {
            Pattern pattern = Pattern.compile(form);
            require(value -> pattern.matcher(value.text()).matches(), form(form), scalar, path);
        });
    }

    private boolean length(Scalar scalar, FieldSchema schema, String path) {
        int length = scalar.text().length();
        int most = schema.maxLength().orElse(Integer.MAX_VALUE);
        if (length > most) {
            findings.violation(scalar.location(), path, "must have at most " + most + " characters, not " + length);
        }
        boolean enough = length >= schema.minLength().orElse(0);
        if (!enough) {
            require(value -> false, wanted(schema), scalar, path);
        }
        return length <= most && enough;
    }
}
