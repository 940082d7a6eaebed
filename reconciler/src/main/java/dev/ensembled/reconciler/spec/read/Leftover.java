package dev.ensembled.reconciler.spec.read;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.Violation;
import dev.ensembled.reconciler.spec.yaml.YamlDocument;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlText;
import dev.ensembled.reconciler.spec.yaml.YamlText.Chunk;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds leftovers of an ensemble that no file defines any longer, in files of any name and kind. The removal of the
 * ensemble waits for them, because such text may be the ensemble in another wrapper. A leftover is
 *
 * <ol>
 *   <li>a text that mentions our kind ({@link KindDetector}) and the ensemble's name, or that leaves names to a template or
 *       to encryption, even in a comment; in a document that names another ensemble, or defines our kind, only the
 *       comments count;
 *   <li>a file that cannot be read and is named like the file that defined the ensemble.
 * </ol>
 *
 * @param id the ensemble
 * @param path the file that defined it
 */
public record Leftover(EnsembleId id, String path) {
    private static final Pattern TEMPLATED = Pattern.compile("\\{\\{|\\$\\{|\\$\\(|<%|ENC\\[");
    private static final Pattern SPEC_NAME = Pattern.compile("\\.(?:ya?ml|json)(?![a-z0-9])");
    private static final String LFS = "version https://git-lfs.github.com/spec/";

    /** The violation for the first leftover in a file; empty if there is none. */
    public Optional<Violation> in(String file, byte[] content) {
        Optional<String> decoded = SourceFile.decoded(content);
        String text = decoded.orElseGet(() -> SourceFile.readablePart(content));
        Optional<Violation> found = YamlText.split(text).stream()
                .flatMap(chunk -> in(file, chunk).stream())
                .findFirst();
        return found.isEmpty() && (decoded.isEmpty() || isOpaque(text)) ? unseen(file) : found;
    }

    /**
     * The violation for a file whose content cannot be read; empty if its name is not like that of the ensemble or of
     * its file.
     */
    public Optional<Violation> unseen(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String pathName = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        boolean similar = SPEC_NAME.matcher(name).find()
                && (isNamedIn(name) || name.startsWith(SPEC_NAME.split(pathName, 2)[0] + "."));
        return similar
                ? Optional.of(violation(
                        file,
                        1,
                        "the content cannot be read, and the name resembles " + path + ", which defined the ensemble "
                                + id))
                : Optional.empty();
    }

    /** The violation for a file or link that has replaced the directory of the ensemble's file. */
    public Violation hiddenBy(String file) {
        return violation(file, 1, "is no longer a directory, and " + path + " in it defined the ensemble " + id);
    }

    private Optional<Violation> in(String file, Chunk chunk) {
        if (!mayDefineEnsemble(chunk.text())) {
            return Optional.empty();
        }
        String unit = isAnotherEnsemble(chunk) ? comments(chunk.text()) : chunk.text();
        if (!mayDefineEnsemble(unit)) {
            return Optional.empty();
        }
        int at = KindDetector.mention(unit).orElseThrow();
        int line = chunk.linesBefore()
                + 1
                + (int) unit.substring(0, at)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
        return Optional.of(violation(
                file,
                line,
                "mentions a " + ZooKeeperEnsemble.KIND + " that may be the ensemble " + id + ", which " + path
                        + " defined, but defines no ensemble"));
    }

    private boolean mayDefineEnsemble(String text) {
        return KindDetector.mention(text).isPresent()
                && (isNamedIn(text) || TEMPLATED.matcher(text).find());
    }

    private Violation violation(String file, int line, String what) {
        return new Violation(
                file,
                line,
                1,
                "",
                what
                        + ". The ensemble is not removed until this is resolved: to keep the ensemble, define it in a YAML file"
                        + " again; to remove it, also remove this text or file");
    }

    private boolean isNamedIn(String text) {
        return Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(id.name()) + "(?![A-Za-z0-9-])")
                .matcher(text)
                .find();
    }

    /** Whether a part can be read, and is an ensemble of another name or the definition of our kind. */
    private boolean isAnotherEnsemble(Chunk chunk) {
        List<YamlDocument> documents = chunk.documents();
        return documents.size() == 1
                && documents.get(0).problems().isEmpty()
                && documents.get(0).root().filter(this::isAnotherEnsemble).isPresent();
    }

    private boolean isAnotherEnsemble(YamlNode root) {
        if (!(root instanceof Mapping mapping)) {
            return false;
        }
        String kind = mapping.string("kind").map(Scalar::text).orElse("");
        Optional<String> name = mapping.string("metadata", "name").map(Scalar::text);
        return kind.equals("CustomResourceDefinition")
                || (kind.equals(ZooKeeperEnsemble.KIND)
                        && name.filter(other -> !other.equals(id.name())
                                        && !TEMPLATED.matcher(other).find())
                                .isPresent());
    }

    /** The comments of a text, line by line, without the rest. */
    private static String comments(String text) {
        return Arrays.stream(text.split("\n", -1))
                .map(line -> line.stripLeading().startsWith("#") ? line : "")
                .collect(Collectors.joining("\n"));
    }

    /** Whether a text is a pointer to content elsewhere, or a document of which not even the kind can be read. */
    private static boolean isOpaque(String text) {
        return text.startsWith(LFS)
                || Pattern.compile("kind[\"']?\\s{0,8}:\\s{0,8}[\"']?ENC\\[")
                        .matcher(text)
                        .find();
    }
}
