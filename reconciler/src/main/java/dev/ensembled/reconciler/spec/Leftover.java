package dev.ensembled.reconciler.spec;

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
 * Finds what is left of an ensemble that no file defines any more, in files of any name and kind: a removal waits for it,
 * since what stands there may be the ensemble in another wrapper. Left of it is
 *
 * <ol>
 *   <li>a text that speaks of our kind ({@link KindText}) and of the ensemble's name, or that leaves names to a template or an
 *       encryption, be it in a comment; a document that names another ensemble, or defines our kind, counts by its comments;
 *   <li>a file that cannot be looked into and is named like the file that defined it.
 * </ol>
 *
 * @param id the ensemble
 * @param path the file that defined it
 */
public record Leftover(EnsembleId id, String path) {
    private static final Pattern FILLED_IN = Pattern.compile("\\{\\{|\\$\\{|\\$\\(|<%|ENC\\[");
    private static final Pattern SPEC_NAME = Pattern.compile("\\.(?:ya?ml|json)(?![a-z0-9])");
    private static final String LFS = "version https://git-lfs.github.com/spec/";

    /** What a file has left of it. */
    public Optional<Violation> in(String file, byte[] content) {
        Optional<String> decoded = SourceFile.decoded(content);
        String text = decoded.orElseGet(() -> SourceFile.legible(content));
        Optional<Violation> left = YamlText.split(text).stream()
                .flatMap(chunk -> in(file, chunk).stream())
                .findFirst();
        return left.isEmpty() && (decoded.isEmpty() || isOpaque(text)) ? unseen(file) : left;
    }

    /** What is to be thought of a file whose content cannot be looked at. */
    public Optional<Violation> unseen(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String stem = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        boolean alike = SPEC_NAME.matcher(name).find()
                && (isNamedIn(name) || name.startsWith(SPEC_NAME.split(stem, 2)[0] + "."));
        return alike
                ? Optional.of(violation(
                        file,
                        1,
                        "it cannot be looked into, and it is named like " + path + ", which defined the ensemble "
                                + id))
                : Optional.empty();
    }

    /** Of a file or link that now stands where the directory was. */
    public Violation hiddenBy(String file) {
        return violation(file, 1, "it is no directory any more, and " + path + " in it defined the ensemble " + id);
    }

    private Optional<Violation> in(String file, Chunk chunk) {
        if (!mayBeIt(chunk.text())) {
            return Optional.empty();
        }
        String unit = isAnothers(chunk) ? comments(chunk.text()) : chunk.text();
        if (!mayBeIt(unit)) {
            return Optional.empty();
        }
        int at = KindText.mention(unit).orElseThrow();
        int line = chunk.linesBefore()
                + 1
                + (int) unit.substring(0, at)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
        return Optional.of(violation(
                file,
                line,
                "it speaks of a " + ZooKeeperEnsemble.KIND + ", and may be the ensemble " + id + " that " + path
                        + " defined, but no ensemble comes out of it"));
    }

    private boolean mayBeIt(String text) {
        return KindText.mention(text).isPresent()
                && (isNamedIn(text) || FILLED_IN.matcher(text).find());
    }

    private Violation violation(String file, int line, String what) {
        return new Violation(
                file,
                line,
                1,
                "",
                what
                        + ". The ensemble is not removed while it is there: to keep it, define it in a YAML file again; to remove"
                        + " it, remove this too");
    }

    private boolean isNamedIn(String text) {
        return Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(id.name()) + "(?![A-Za-z0-9-])")
                .matcher(text)
                .find();
    }

    /** Whether what stands there can be read, and is an ensemble of another name, or the definition of our kind. */
    private boolean isAnothers(Chunk chunk) {
        List<YamlDocument> documents = chunk.documents();
        return documents.size() == 1
                && documents.get(0).problems().isEmpty()
                && documents.get(0).root().filter(this::isAnothers).isPresent();
    }

    private boolean isAnothers(YamlNode root) {
        if (!(root instanceof Mapping mapping)) {
            return false;
        }
        String kind = mapping.string("kind").map(Scalar::text).orElse("");
        Optional<String> name = mapping.string("metadata", "name").map(Scalar::text);
        return kind.equals("CustomResourceDefinition")
                || (kind.equals(ZooKeeperEnsemble.KIND)
                        && name.filter(other -> !other.equals(id.name())
                                        && !FILLED_IN.matcher(other).find())
                                .isPresent());
    }

    /** The text with everything but comments left out, line by line. */
    private static String comments(String text) {
        return Arrays.stream(text.split("\n", -1))
                .map(line -> line.stripLeading().startsWith("#") ? line : "")
                .collect(Collectors.joining("\n"));
    }

    /** A pointer to a content that is elsewhere, or a document of which not even the kind can be read. */
    private static boolean isOpaque(String text) {
        return text.startsWith(LFS)
                || Pattern.compile("kind[\"']?\\s{0,8}:\\s{0,8}[\"']?ENC\\[")
                        .matcher(text)
                        .find();
    }
}
