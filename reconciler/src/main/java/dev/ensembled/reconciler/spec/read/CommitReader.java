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
    public static final int MOST_ENSEMBLES = 2_000;

    /** The maximum number of documents that name an ensemble, valid or not. */
    static final int MOST_DOCUMENTS = 20_000;

    /**
     * The maximum amount of text in the files that define ensembles: as objects they take several times as much memory.
     */
    public static final int MOST_SPEC_CHARACTERS = 8 * 1024 * 1024;

    private final SpecReader reader;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(String digest, FileReading reading) {}

    /** The result of reading a commit. */
    public sealed interface Result {}

    /** All files of the commit were read. */
    public record Complete(Parsed parsed) implements Result {}

    /** The reader was asked to stop; the next call continues from there. */
    public record Ended() implements Result {}

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
     * @param goOn asked before each file that has to be parsed; reading stops when it returns false
     */
    public Result read(List<SourceFile> files, BooleanSupplier goOn) {
        List<FileReading> readings = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        int violations = 0;
        Size size = new Size();
        for (SourceFile file : files) {
            Optional<FileReading> reading = read(file, goOn);
            if (reading.isEmpty()) {
                return new Ended();
            }
            FileReading bounded =
                    violations < SpecReader.MOST_VIOLATIONS ? reading.get() : shortened(file, reading.get());
            violations += bounded.violations().size();
            if (size.exceededBy(file, bounded)) {
                known.clear();
                return new TooLarge("more than " + MOST_ENSEMBLES + " ensembles, " + MOST_DOCUMENTS
                        + " documents that name one, or " + MOST_SPEC_CHARACTERS / (1024 * 1024)
                        + " MiB of files that define them");
            }
            readings.add(bounded);
            paths.add(file.path());
        }
        known.keySet().retainAll(paths);
        return new Complete(reader.combine(readings));
    }

    /** What it costs to keep a commit in memory. */
    private static final class Size {
        private int documents;
        private int ensembles;
        private long characters;

        boolean exceededBy(SourceFile file, FileReading reading) {
            long valid = reading.named().stream()
                    .filter(one -> one.resource().isPresent())
                    .count();
            documents += reading.named().size();
            ensembles += (int) valid;
            characters += valid == 0 ? 0 : file.text().length();
            return documents > MOST_DOCUMENTS || ensembles > MOST_ENSEMBLES || characters > MOST_SPEC_CHARACTERS;
        }
    }

    private Optional<FileReading> read(SourceFile file, BooleanSupplier goOn) {
        String digest = digest(file);
        Known before = known.get(file.path());
        if (before != null && before.digest().equals(digest)) {
            return Optional.of(before.reading());
        }
        if (!goOn.getAsBoolean()) {
            return Optional.empty();
        }
        FileReading reading = reader.read(file);
        known.put(file.path(), new Known(digest, reading));
        return Optional.of(reading);
    }

    /** Also replaces the remembered reading, because memory grows with the number of files. */
    private FileReading shortened(SourceFile file, FileReading reading) {
        FileReading shorter = reading.withFirstViolation();
        known.computeIfPresent(file.path(), (path, before) -> new Known(before.digest(), shorter));
        return shorter;
    }

    private static String digest(SourceFile file) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(
                    file.refusal().map(SourceFile.Refusal::toString).orElse("").getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            return HexFormat.of().formatHex(sha256.digest(file.text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
