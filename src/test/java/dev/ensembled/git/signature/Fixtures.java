package dev.ensembled.git.signature;

import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Commits and tags that GnuPG 2.2 and OpenSSH 9.2 signed on 2026-02-01, and their public keys. */
final class Fixtures {
    static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Path DIRECTORY = Path.of("test", "resources", "signatures");

    private Fixtures() {}

    static Path keyDirectory() {
        return DIRECTORY.resolve("keys").toAbsolutePath();
    }

    static byte[] object(String name) {
        return read(DIRECTORY.resolve("objects").resolve(name));
    }

    static KeyFile key(String name) {
        return new KeyFile("/keys/" + name, read(keyDirectory().resolve(name)));
    }

    /** A key of {@code keys} as it was before its revocation. */
    static KeyFile beforeRevocation(String name) {
        return new KeyFile("/keys/" + name + "-old.asc", read(DIRECTORY.resolve(name + "-before-revocation.asc")));
    }

    static KeyFile text(String name, String content) {
        return new KeyFile("/keys/" + name, content.getBytes(StandardCharsets.UTF_8));
    }

    static TrustedKeys keys() {
        List<KeyFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(keyDirectory())) {
            all.forEach(file -> files.add(key(file.getFileName().toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys(files.toArray(KeyFile[]::new));
    }

    static TrustedKeys keys(KeyFile... files) {
        try {
            return TrustedKeys.of(List.of(files));
        } catch (SourceFailedException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
