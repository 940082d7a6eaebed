package dev.ensembled.reconciler.spec.yaml;

import dev.ensembled.reconciler.spec.yaml.YamlDocument.YamlProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads the documents of a YAML file. Never throws because of its content, and takes bounded time and memory: bytes and
 * documents are counted before parsing; depth, aliases and size are counted as the parser's events arrive, before a
 * tree is built.
 *
 * <p>Documents are parsed one by one, so that a syntax error in one document does not hide the others: a line that
 * begins with three dashes separates documents, whatever surrounds it (YAML 1.1, 9.1).
 */
public final class YamlText {
    /** The maximum size of a file, in bytes of UTF-8. */
    public static final int MAX_BYTES = 256 * 1024;

    /** The maximum number of documents in a file. */
    public static final int MAX_DOCUMENTS = 100;

    private static final Pattern SEPARATOR = Pattern.compile("^---(?=\\s|$)", Pattern.MULTILINE);

    private YamlText() {}

    /**
     * The documents of a file; a single document with a problem and without a root if the file as a whole cannot be
     * read.
     */
    public static List<YamlDocument> read(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            return refused(text, "the file has " + bytes + " bytes, and the maximum is " + MAX_BYTES + ": split it");
        }
        List<Chunk> chunks = split(text);
        if (chunks.size() > MAX_DOCUMENTS) {
            return refused(text, "the file has more than " + MAX_DOCUMENTS + " documents: split it");
        }
        return chunks.stream().flatMap(chunk -> chunk.documents().stream()).toList();
    }

    private static List<YamlDocument> refused(String text, String message) {
        return List.of(new YamlDocument(
                Location.START, text, Optional.empty(), false, List.of(new YamlProblem(Location.START, "", message))));
    }

    /** A part of a file between two separators, with the number of lines before it. */
    public record Chunk(String text, int linesBefore) {

        /** The documents in this part: one, unless it is empty, or a line with three dots ends a document within it. */
        public List<YamlDocument> documents() {
            return parse(this);
        }
    }

    /** The parts of a text that are not empty, without a limit on their number. */
    public static List<Chunk> split(String file) {
        String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
        List<Chunk> chunks = new ArrayList<>();
        Matcher separator = SEPARATOR.matcher(text);
        int start = 0;
        int lines = 0;
        while (separator.find()) {
            String before = text.substring(start, separator.start());
            chunks.add(new Chunk(before, lines));
            lines += lines(before);
            start = separator.start();
        }
        chunks.add(new Chunk(text.substring(start), lines));
        return chunks.stream().filter(chunk -> !chunk.text().isBlank()).toList();
    }

    private static int lines(String text) {
        return (int) text.chars().filter(character -> character == '\n').count();
    }

    private static List<YamlDocument> parse(Chunk chunk) {
        TreeBuilder builder = new TreeBuilder(chunk.text(), chunk.linesBefore());
        try {
            ParserImpl parser = new ParserImpl(new StreamReader(chunk.text()), new LoaderOptions());
            Event event = parser.getEvent();
            while (event != null && builder.accept(event)) {
                event = parser.getEvent();
            }
        } catch (MarkedYAMLException e) {
            builder.abort(location(chunk, e), syntax(e.getProblem()));
        } catch (ReaderException e) {
            builder.abort(
                    location(chunk, e.getPosition()),
                    "the character U+%04X is not allowed in YAML: remove it".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            builder.abort(new Location(chunk.linesBefore() + 1, 1), syntax(e.getMessage()));
        }
        return builder.documents();
    }

    private static String syntax(String problem) {
        return "not valid YAML: " + (problem == null ? "unknown error" : problem);
    }

    private static Location location(Chunk chunk, MarkedYAMLException e) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        return mark == null
                ? new Location(chunk.linesBefore() + 1, 1)
                : new Location(chunk.linesBefore() + mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Location location(Chunk chunk, int codePoints) {
        String text = chunk.text();
        int end = text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
        String before = text.substring(0, end);
        return new Location(chunk.linesBefore() + lines(before) + 1, end - (before.lastIndexOf('\n') + 1) + 1);
    }
}
