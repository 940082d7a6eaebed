package dev.ensembled.daemon;

import dev.ensembled.git.history.AcceptedCommit;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.accept.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The last accepted commit, in a file of the state directory. */
record HistoryInFile(JsonFile file) implements AcceptedCommits {

    /** The record of a source. */
    static HistoryInFile in(Path directory, String source) {
        String suffix = source.equals(Origin.DEFAULT_NAME) ? "" : "-" + source;
        return new HistoryInFile(new JsonFile(
                directory.toAbsolutePath().resolve("source-history" + suffix + ".json"),
                "It has the last commit that was accepted from Git."));
    }

    @Override
    public Optional<AcceptedCommit> read() throws IOException {
        return file.read(AcceptedCommit.class);
    }

    @Override
    public void write(AcceptedCommit commit) throws IOException {
        file.write(commit);
    }

    @Override
    public String place() {
        return file.path().toString();
    }

    @Override
    public String deletion() {
        return "delete " + file.path();
    }
}
