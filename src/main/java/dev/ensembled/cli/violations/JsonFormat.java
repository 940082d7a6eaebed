package dev.ensembled.cli.violations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.PrintWriter;

/** One JSON object with the violations, the notes, and the numbers of files and of valid ensembles. */
final class JsonFormat implements ViolationFormat {
    @Override
    public void print(ParsedCommit parsed, int files, PrintWriter out) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("files", files);
        root.put("validEnsembles", parsed.ensembles().size());
        ArrayNode violations = root.putArray("violations");
        parsed.violations().forEach(violation -> violations.add(node(violation)));
        ArrayNode notes = root.putArray("notes");
        parsed.notes().forEach(note -> notes.add(SafeText.of(note)));
        out.println(Documents.json(root));
    }

    private static ObjectNode node(Violation violation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", violation.file())
                .put("line", violation.line())
                .put("column", violation.column())
                .put("field", violation.field())
                .put("message", violation.message());
    }
}
