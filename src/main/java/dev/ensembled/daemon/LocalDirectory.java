package dev.ensembled.daemon;

import dev.ensembled.git.SampleRepository;
import dev.ensembled.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The directory that contains everything of the local platform. */
public record LocalDirectory(Path dir) {

    /** The directory cannot be used; the message says what to do. */
    public static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Creates the directory and its configuration repository, unless they exist.
     *
     * @param sample the files of the first commit of the repository
     * @throws UnusableException if the directory cannot be written to, or another daemon uses it
     */
    public static LocalDirectory prepare(Path dir, Path sample) {
        Path absolute = dir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            LocalPlatform.requireFree(absolute);
            SampleRepository.create(absolute.resolve("config.git"), sample);
            return new LocalDirectory(absolute);
        } catch (IllegalStateException e) {
            throw new UnusableException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UnusableException(
                    "cannot use directory " + absolute + ": " + e.getMessage() + "; choose another with --dir", e);
        }
    }

    /** Returns the properties with which the daemon uses this directory. */
    public Map<String, String> settings(int httpPort) {
        return Map.ofEntries(
                Map.entry("ensembled.platform", "local"),
                Map.entry("ensembled.local.dir", dir.toString()),
                Map.entry("ensembled.git.uri", dir.resolve("config.git").toUri().toString()),
                Map.entry("ensembled.git.cache", dir.resolve("git-cache").toString()),
                Map.entry("ensembled.git.interval", "1s"),
                Map.entry("ensembled.resync", "1s"),
                Map.entry("quarkus.http.host", "127.0.0.1"),
                Map.entry("quarkus.http.port", Integer.toString(httpPort)),
                Map.entry("quarkus.log.console.enabled", "false"),
                Map.entry("quarkus.log.file.enabled", "true"),
                Map.entry("quarkus.log.file.path", dir.resolve("daemon.log").toString()));
    }
}
