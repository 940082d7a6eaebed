package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A repository that teams push to: a bare repository, which is served, and a clone in which commits are made. */
public final class GitRepo {
    private final Path bare;
    private final Path clone;

    /** Creates both in a directory. */
    public GitRepo(Path directory) {
        bare = directory.resolve("config.git");
        clone = directory.resolve("clone");
        Command.of("git", "init", "--quiet", "--bare", "--initial-branch=main", bare.toString())
                .run();
        Command.of("git", "clone", "--quiet", bare.toString(), clone.toString()).run();
        git("config", "user.name", "A Team");
        git("config", "user.email", "team@example.com");
        git("config", "commit.gpgsign", "false");
        git("checkout", "--quiet", "-B", "main");
    }

    /** The bare repository, which a server serves. */
    Path bare() {
        return bare;
    }

    public GitRepo write(String path, String text) {
        try {
            Path file = clone.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public GitRepo remove(String path) {
        git("rm", "--quiet", "-r", path);
        return this;
    }

    /** Commits all that was written and removed, pushes it, and returns the commit's id. */
    public String push(String message) {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "--message", message);
        git("push", "--quiet", "origin", "main");
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... arguments) {
        return Command.of("git").and(arguments).in(clone).run();
    }
}
