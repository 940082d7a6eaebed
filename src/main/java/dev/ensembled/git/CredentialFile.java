package dev.ensembled.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is mounted from a Secret, or will be: it is looked for at each fetch, and one that is absent is a state and no
 * mistake.
 *
 * @param what it holds, for people
 */
record CredentialFile(String what, Path path) {
    private static final int LARGEST = 64 * 1024;

    /** What it holds; empty while it is absent. */
    Optional<byte[]> content() throws SourceFailedException {
        // A link whose target is gone is absent too: a Secret that is replaced looks so for a moment.
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Optional.of(checked(in.readNBytes(LARGEST + 1)));
        } catch (AccessDeniedException e) {
            throw failed(
                    "may not be read by this process",
                    "Give the user of the process the right to read it; for a Secret, set fsGroup or defaultMode.",
                    e);
        } catch (IOException e) {
            throw failed("cannot be read: " + e.getMessage(), "Check what is mounted there.", e);
        }
    }

    private byte[] checked(byte[] content) throws SourceFailedException {
        if (content.length > LARGEST) {
            throw failed("is larger than " + LARGEST / 1024 + " KiB", "Check what is mounted there.", null);
        }
        if (new String(content, StandardCharsets.UTF_8).isBlank()) {
            throw failed("is empty", "Check the Secret that it is mounted from.", null);
        }
        return content;
    }

    /** Its text; whoever writes such a file ends it with a newline more often than not. */
    Optional<String> text() throws SourceFailedException {
        return content().map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    }

    /** Its content, where nothing can be done without. */
    byte[] required() throws SourceFailedException {
        Optional<byte[]> content = content();
        if (content.isEmpty()) {
            throw failed(
                    "is not there",
                    "Mount it, in a cluster from the Secret ensembled-git; it is used as soon as it appears.",
                    null);
        }
        return content.get();
    }

    SourceFailedException failed(String how, String toDo, Throwable cause) {
        return new SourceFailedException("The file with the " + what + ", " + path + ", " + how, toDo, cause);
    }
}
