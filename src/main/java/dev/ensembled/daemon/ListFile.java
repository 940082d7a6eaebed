package dev.ensembled.daemon;

import dev.ensembled.daemon.ListEntry.InvalidException;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlDocument;
import dev.ensembled.reconciler.spec.yaml.YamlDocument.YamlProblem;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Sequence;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A mounted file with a list of settings in YAML, which is read strictly and within limits.
 *
 * @param setting the environment variable that names the file, for messages
 * @param what the entries, in the plural, for messages
 * @param fields the fields that each entry must have, for messages
 * @param most the number of entries that are allowed
 */
record ListFile(Path path, String setting, String what, String fields, int most) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /**
     * Returns the entries, in the order of the file.
     *
     * @throws IllegalArgumentException if the file cannot be read or is invalid; the message says where, and what is expected
     */
    List<ListEntry> entries() {
        List<YamlDocument> documents = YamlText.read(text());
        if (documents.size() != 1) {
            throw invalid(documents.size() + " YAML documents; expected one list of " + what);
        }
        YamlDocument document = documents.get(0);
        if (!document.problems().isEmpty()) {
            YamlProblem first = document.problems().get(0);
            throw invalid(first.location(), (first.path().isEmpty() ? "" : first.path() + ": ") + first.message());
        }
        if (!(document.root().orElse(null) instanceof Sequence list)) {
            throw invalid("no list; expected a list of " + what + ", each with " + fields);
        }
        if (list.items().size() > most) {
            throw invalid(list.items().size() + " " + what + "; expected at most " + most);
        }
        return list.items().stream()
                .map(item -> {
                    if (item instanceof Mapping mapping) {
                        return new ListEntry(this, mapping);
                    }
                    throw invalid(item.location(), item.describe() + "; expected a mapping with " + fields);
                })
                .toList();
    }

    /** Whether a text is a DNS label. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private String text() {
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(YamlText.MAX_BYTES + 1);
        } catch (IOException e) {
            throw invalid("cannot be read (" + e + "); expected a readable file: mount it, or unset " + setting);
        }
        SourceFile read = SourceFile.of(path.toString(), content);
        if (read.refusal().isPresent()) {
            throw invalid(read.refusal().get().why());
        }
        return read.text();
    }

    private InvalidException invalid(String problem) {
        return invalid(Location.START, problem);
    }

    InvalidException invalid(Location at, String problem) {
        return new InvalidException(
                "the file of " + setting + ", " + path + ":" + at.line() + ":" + at.column() + ": " + problem);
    }
}
