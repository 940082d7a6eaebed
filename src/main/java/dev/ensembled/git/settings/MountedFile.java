package dev.ensembled.git.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is mounted from a Secret, now or later: it is looked for at each fetch, and an absent file is a state, not an
 * error.
 *
 * @param what the kind of its content, for messages
 */
public record MountedFile(String what, Path path) {
    private static final int LARGEST = 64 * 1024;

    /** The content of the file; empty while the file is absent. */
    public Optional<byte[]> content() throws SourceFailedException {
        // A link without a target is absent too: the mount of a Secret looks like this for a moment while it is
        // replaced.
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Optional.of(checked(in.readNBytes(LARGEST + 1)));
        } catch (AccessDeniedException e) {
            throw failed(
                    "is not readable: permission denied",
                    "Grant this process read permission; for a Secret, set fsGroup or defaultMode.",
                    e);
        } catch (IOException e) {
            throw failed("cannot be read: " + e.getMessage(), "Check what is mounted at this path.", e);
        }
    }

    private byte[] checked(byte[] content) throws SourceFailedException {
        if (content.length > LARGEST) {
            throw failed("is larger than " + LARGEST / 1024 + " KiB", "Check what is mounted at this path.", null);
        }
        if (new String(content, StandardCharsets.UTF_8).isBlank()) {
            throw failed("is empty", "Check the Secret that is mounted at this path.", null);
        }
        return content;
    }

    /** The content as text, without white space at its ends: most such files end with a newline. */
    public Optional<String> text() throws SourceFailedException {
        return content().map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    }

    /** The content of a file without which the fetch cannot continue. */
    public byte[] required() throws SourceFailedException {
        Optional<byte[]> content = content();
        if (content.isEmpty()) {
            throw failed(
                    "does not exist",
                    "Mount the file (on Kubernetes, from the Secret ensembled-git). It is read again at each fetch.",
                    null);
        }
        return content.get();
    }

    public SourceFailedException failed(String problem, String toDo, Throwable cause) {
        return new SourceFailedException("The " + what + " file " + path + " " + problem, toDo, cause);
    }
}
