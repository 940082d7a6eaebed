package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program on this machine that is run to its end within a deadline. */
public final class Command {
    private final List<String> words;
    private Path directory = Path.of(".");
    private Duration timeout = Duration.ofSeconds(60);

    public Command(List<String> words) {
        this.words = List.copyOf(words);
    }

    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    public Command and(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Command(all).in(directory).within(timeout);
    }

    public Command in(Path where) {
        directory = where;
        return this;
    }

    public Command within(Duration deadline) {
        timeout = deadline;
        return this;
    }

    /**
     * Returns what the program printed.
     *
     * @throws IllegalStateException with all of its output, if it fails or takes too long
     */
    public String run() {
        try {
            Path output = Files.createTempFile("command", ".out");
            try {
                return run(output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", words), e);
        }
    }

    private String run(Path output) throws IOException {
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", words)
                        + (ended ? " ended with " + process.exitValue() : " was not done after " + timeout) + ":\n"
                        + printed);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", words) + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
