package dev.ensembled.cli.target;

import dev.ensembled.local.Endpoints;
import dev.ensembled.local.file.JsonFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The address at which a local daemon answers. */
final class LocalAddress {
    private LocalAddress() {}

    /** Returns the address that the daemon of a state directory has published. */
    static URI of(Path dir) throws IOException {
        Path file = dir.resolve("endpoints.json");
        return new JsonFile(file, "It is written by the daemon")
                .read(Endpoints.Content.class)
                .map(content -> URI.create(content.web()))
                .orElseThrow(() -> new NoSuchFileException(file.toString()));
    }
}
