package dev.ensembled.cli.violations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * SARIF 2.1.0, which GitHub code scanning and other tools read. The rule of a violation is the field that it is about,
 * without indexes and at most two levels deep ({@code spec.config}), or {@code file}.
 */
record SarifFormat(String version) implements ViolationFormat {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final Pattern RULE = Pattern.compile("[A-Za-z]+(\\.[A-Za-z]+)?");

    @Override
    public void print(ParsedCommit parsed, int files, PrintWriter out) {
        ObjectNode log = JsonNodeFactory.instance.objectNode();
        log.put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "ensembled").put("version", version);
        // The positions count characters, as YAML parsers do.
        run.put("columnKind", "unicodeCodePoints");
        List<String> rules = parsed.violations().stream()
                .map(SarifFormat::rule)
                .distinct()
                .sorted()
                .toList();
        ArrayNode described = driver.putArray("rules");
        rules.forEach(rule -> described.add(description(rule)));
        ArrayNode results = run.putArray("results");
        parsed.violations().forEach(violation -> results.add(result(violation, rules)));
        out.println(Documents.json(log));
    }

    private static ObjectNode description(String rule) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", rule);
        node.putObject("shortDescription")
                .put(
                        "text",
                        rule.equals("file") ? "The file cannot be accepted" : "The field " + rule + " is not valid");
        node.putObject("defaultConfiguration").put("level", "error");
        return node;
    }

    private static ObjectNode result(Violation violation, List<String> rules) {
        String rule = rule(violation);
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("ruleId", rule).put("ruleIndex", rules.indexOf(rule)).put("level", "error");
        result.putObject("message")
                .put(
                        "text",
                        SafeText.of(
                                violation.field().isEmpty()
                                        ? violation.message()
                                        : violation.field() + ": " + violation.message()));
        ObjectNode location = result.putArray("locations").addObject().putObject("physicalLocation");
        location.putObject("artifactLocation").put("uri", uri(violation.file()));
        location.putObject("region").put("startLine", violation.line()).put("startColumn", violation.column());
        return result;
    }

    private static String rule(Violation violation) {
        var found = RULE.matcher(violation.field());
        return found.lookingAt() ? found.group() : "file";
    }

    /** A relative reference is resolved against the root of the repository; an absolute path becomes a file URI. */
    private static String uri(String file) {
        String path = file.replace('\\', '/');
        try {
            return path.startsWith("/")
                    ? new URI("file", "", path, null).toASCIIString()
                    // The dot keeps a name with a colon from being read as a scheme.
                    : new URI(null, null, "./" + path, null).toASCIIString().substring(2);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("every path is a URI when it is quoted: " + SafeText.of(file), e);
        }
    }
}
