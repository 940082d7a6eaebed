package dev.ensembled.git;

import dev.ensembled.git.history.AcceptedCommit;
import dev.ensembled.git.history.AcceptedCommits;
import java.io.IOException;
import java.util.Optional;

/** A record in memory that can break. */
public final class MemoryRecord implements AcceptedCommits {
    private Optional<AcceptedCommit> commit = Optional.empty();
    private boolean unreadable;
    private boolean unwritable;

    @Override
    public synchronized Optional<AcceptedCommit> read() throws IOException {
        if (unreadable) {
            throw new IOException("the record is damaged");
        }
        return commit;
    }

    @Override
    public synchronized void write(AcceptedCommit next) throws IOException {
        if (unwritable) {
            throw new IOException("no space left");
        }
        commit = Optional.of(next);
    }

    @Override
    public String place() {
        return "the record";
    }

    @Override
    public String deletion() {
        return "delete the record";
    }

    synchronized void breakReads(boolean broken) {
        unreadable = broken;
    }

    synchronized void breakWrites(boolean broken) {
        unwritable = broken;
    }

    synchronized void delete() {
        commit = Optional.empty();
    }

    synchronized Optional<String> id() {
        return commit.map(AcceptedCommit::commit);
    }
}
