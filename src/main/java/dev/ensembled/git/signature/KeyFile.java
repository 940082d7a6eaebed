package dev.ensembled.git.signature;

import dev.ensembled.git.settings.SourceFailedException;
import java.util.Objects;

/**
 * A mounted file with trusted or revoked keys.
 *
 * @param name its path, for messages
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and never compared
public record KeyFile(String name, byte[] content) {
    public KeyFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(content, "content");
    }

    SourceFailedException invalid(String problem, String toDo) {
        return new SourceFailedException("The file " + name + " with keys of signers " + problem, toDo);
    }
}
