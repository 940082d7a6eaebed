package dev.ensembled.reconciler.spec.read;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads one commit after the other and parses only what has changed: a file with unchanged content is not parsed again.
 * When it has to stop early, it keeps what it has parsed, so that the next call continues from there. Confined to one
 * thread.
 */
public final class CommitReader {
    /** The maximum per daemon; each ensemble costs memory and requests to its servers. */
    public static final int MAX_ENSEMBLES = 2_000;

    /** The maximum number of documents that name an ensemble, valid or not. */
    static final int MAX_DOCUMENTS = 20_000;

    /**
     * The maximum amount of text in the files that define ensembles: as objects they take several times as much memory.
     */
    public static final int MAX_SPEC_CHARACTERS = 8 * 1024 * 1024;

    private final SpecReader reader;
    private final Map<String, CachedFile> cache = new HashMap<>();

    private record CachedFile(String digest, ParsedFile reading) {}

    /** The result of reading a commit. */
    public sealed interface Result {}

    /** All files of the commit were read. */
    public record Complete(ParsedCommit parsed) implements Result {}

    /** The reader was asked to stop; the next call continues from there. */
    public record Interrupted() implements Result {}

    /**
     * The commit defines more than one daemon can keep in memory.
     *
     * @param what the limit that the commit exceeds
     */
    public record TooLarge(String what) implements Result {}

    /** Creates a commit reader that has not read any file yet. */
    public CommitReader(SpecReader reader) {
        this.reader = reader;
    }

    /**
     * Reads all files; never throws because of their content.
     *
     * @param keepReading asked before each file that has to be parsed; reading stops when it returns false
     */
    public Result read(List<SourceFile> files, BooleanSupplier keepReading) {
        List<ParsedFile> readings = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        int violations = 0;
        Size size = new Size();
        for (SourceFile file : files) {
            Optional<ParsedFile> reading = read(file, keepReading);
            if (reading.isEmpty()) {
                return new Interrupted();
            }
            ParsedFile bounded =
                    violations < SpecReader.MAX_VIOLATIONS ? reading.get() : shortened(file, reading.get());
            violations += bounded.violations().size();
            if (size.exceededBy(file, bounded)) {
                cache.clear();
                return new TooLarge("more than " + MAX_ENSEMBLES + " ensembles, " + MAX_DOCUMENTS
                        + " documents that define one, or " + MAX_SPEC_CHARACTERS / (1024 * 1024)
                        + " MiB of files that define ensembles");
            }
            readings.add(bounded);
            paths.add(file.path());
        }
        cache.keySet().retainAll(paths);
        return new Complete(reader.combine(readings));
    }

    /** What it costs to keep a commit in memory. */
    private static final class Size {
        private int documents;
        private int ensembles;
        private long characters;

        boolean exceededBy(SourceFile file, ParsedFile reading) {
            long valid = reading.named().stream()
                    .filter(one -> one.resource().isPresent())
                    .count();
            documents += reading.named().size();
            ensembles += (int) valid;
            characters += valid == 0 ? 0 : file.text().length();
            return documents > MAX_DOCUMENTS || ensembles > MAX_ENSEMBLES || characters > MAX_SPEC_CHARACTERS;
        }
    }

    private Optional<ParsedFile> read(SourceFile file, BooleanSupplier keepReading) {
        String digest = digest(file);
        CachedFile before = cache.get(file.path());
        if (before != null && before.digest().equals(digest)) {
            return Optional.of(before.reading());
        }
        if (!keepReading.getAsBoolean()) {
            return Optional.empty();
        }
        ParsedFile reading = reader.read(file);
        cache.put(file.path(), new CachedFile(digest, reading));
        return Optional.of(reading);
    }

    /** Also replaces the remembered reading, because memory grows with the number of files. */
    private ParsedFile shortened(SourceFile file, ParsedFile reading) {
        ParsedFile shorter = reading.withFirstViolation();
        cache.computeIfPresent(file.path(), (path, before) -> new CachedFile(before.digest(), shorter));
        return shorter;
    }

    private static String digest(SourceFile file) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(file.refusal()
                    .map(SourceFile.Unreadable::toString)
                    .orElse("")
                    .getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            return HexFormat.of().formatHex(sha256.digest(file.text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
