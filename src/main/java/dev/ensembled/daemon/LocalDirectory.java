package dev.ensembled.daemon;

import dev.ensembled.git.SampleRepository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The directory that holds everything of the local platform; open by one daemon at a time. */
public final class LocalDirectory implements AutoCloseable {
    private final Path dir;
    private final FileChannel lockFile;

    private LocalDirectory(Path dir, FileChannel lockFile) {
        this.dir = dir;
        this.lockFile = lockFile;
    }

    /** The directory cannot be used; the message says what to do. */
    public static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Makes the directory if it is not there, and locks it.
     *
     * @throws UnusableException if it cannot be written, or another daemon has it
     */
    public static LocalDirectory open(Path dir) {
        Path absolute = dir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new UnusableException(
                        "another ensembled runs on " + absolute + "; end it, or name another directory by --dir", null);
            }
            return new LocalDirectory(absolute, channel);
        } catch (IOException e) {
            throw new UnusableException("cannot use " + absolute + ": " + e + "; name another directory by --dir", e);
        }
    }

    /** Makes the configuration repository from the files of a directory, unless it is there. */
    public void prepareRepository(Path sample) {
        try {
            SampleRepository.create(dir.resolve("config.git"), sample);
        } catch (IOException e) {
            throw new UnusableException("cannot make " + dir.resolve("config.git") + ": " + e.getMessage(), e);
        }
    }

    /** The properties with which the daemon serves this directory. */
    public Map<String, String> settings(int httpPort) {
        return Map.ofEntries(
                Map.entry("ensembled.platform", "local"),
                Map.entry("ensembled.local.dir", dir.toString()),
                Map.entry("ensembled.git.uri", dir.resolve("config.git").toUri().toString()),
                Map.entry("ensembled.git.cache", dir.resolve("git-cache").toString()),
                Map.entry("ensembled.git.interval", "1s"),
                Map.entry("ensembled.resync", "2s"),
                Map.entry("quarkus.http.host", "127.0.0.1"),
                Map.entry("quarkus.http.port", Integer.toString(httpPort)),
                Map.entry("quarkus.banner.enabled", "false"),
                Map.entry("quarkus.log.console.enabled", "false"),
                Map.entry("quarkus.log.file.enabled", "true"),
                Map.entry("quarkus.log.file.path", dir.resolve("daemon.log").toString()));
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
