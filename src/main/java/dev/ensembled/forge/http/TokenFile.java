package dev.ensembled.forge.http;

import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import java.nio.file.Path;
import java.util.Optional;

/** A file with the token for a forge, which is read for each request, so that a rotated token is used at once. */
public record TokenFile(Path path) {
    /** Returns the token, which is removed from every output from now on. */
    public String token() throws ForgeFailedException {
        Optional<String> token;
        try {
            token = new MountedFile("token for the forge", path).text();
        } catch (SourceFailedException e) {
            throw new ForgeFailedException(Kind.CREDENTIALS, e.getMessage(), e.toDo(), Optional.empty(), e);
        }
        if (token.isEmpty()) {
            throw new ForgeFailedException(
                    Kind.CREDENTIALS,
                    "The token file " + path + " for the forge does not exist",
                    "Create a token as docs/pull-requests.md says, and mount it at this path.");
        }
        Redaction.learn("token", token.get());
        if (token.get().chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new ForgeFailedException(
                    Kind.CREDENTIALS,
                    "The token file " + path + " contains other characters than printable ASCII",
                    "Write only the token into the file.");
        }
        return token.get();
    }
}
