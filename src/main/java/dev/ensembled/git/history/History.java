package dev.ensembled.git.history;

import dev.ensembled.git.reference.Movement;
import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The history of a source does not go backwards, unless the configuration allows it:
 *
 * <ol>
 *   <li>without a record, or with the record of another repository or reference, any commit may be accepted;
 *   <li>on a branch, a commit must be a descendant of the last accepted commit;
 *   <li>in a range of versions, the version must not be lower than the last accepted version;
 *   <li>a tag may be moved, and a commit that is configured by its id is always right;
 *   <li>the commit is on record before the first ensemble is changed by it, so that a daemon that is killed at any moment has
 *       on record what it may have accepted.
 * </ol>
 *
 * <p>Methods may be called by different threads, one after the other.
 */
public final class History {
    /** A refusal may have cost a transfer, so the same question is not asked with every fetch. */
    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);

    private final GitSettings settings;
    private final AcceptedCommits record;
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile Optional<AcceptedCommit> candidate = Optional.empty();
    private volatile Optional<AcceptedCommit> recorded = Optional.empty();

    private record Refusal(String last, ObjectId commit, SourceFailedException failure, Deadline until) {
        boolean isOf(String recorded, Tip next) {
            return last.equals(recorded) && commit.equals(next.commit()) && !until.passed();
        }
    }

    public History(GitSettings settings, AcceptedCommits record) {
        this.settings = settings;
        this.record = record;
    }

    /**
     * Requires that a commit may be accepted after the last accepted commit.
     *
     * @return what people should know about it
     * @throws SourceFailedException if it may not be accepted, or if that cannot be found out
     * @throws IOException if the history cannot be examined now
     */
    public List<String> require(Tip next, Descent.Proof proof) throws SourceFailedException, IOException {
        List<String> notes = new ArrayList<>(settings.reference().notes(next));
        recorded = last();
        Optional<AcceptedCommit> last = recorded.filter(this::applies);
        if (last.isPresent() && !last.get().commit().equals(next.commit().name())) {
            notes.addAll(require(last.get(), next, proof));
        }
        candidate = Optional.of(new AcceptedCommit(
                settings.url().identity(),
                settings.reference().text(),
                next.commit().name(),
                next.tag().orElse(null)));
        return notes;
    }

    /**
     * Puts the commit on record that was required last; must be called before anything is changed by it. The record is not
     * read again: the commit was not compared with a record that another daemon has written since then.
     *
     * @throws SourceFailedException if it is not certain that it is on record; then the commit must not be accepted
     */
    public void accept() throws SourceFailedException {
        if (candidate.isEmpty() || candidate.equals(recorded)) {
            return;
        }
        try {
            record.write(candidate.get());
            recorded = candidate;
        } catch (IOException e) {
            throw new SourceFailedException(
                    "Commit " + candidate.get().commit() + " cannot be put on record as accepted in " + record.place()
                            + ": " + reason(e),
                    "Make it writable; until then, the commit is not accepted.",
                    e);
        }
    }

    private Optional<AcceptedCommit> last() throws SourceFailedException {
        try {
            return record.read();
        } catch (IOException e) {
            throw new SourceFailedException(
                    "The last accepted commit cannot be read from " + record.place() + ": " + reason(e),
                    "Make it readable. If its content is damaged, " + record.deletion()
                            + "; the next commit is then accepted whatever came before it.",
                    e);
        }
    }

    /** A person who configures another repository or reference decides what follows. */
    private boolean applies(AcceptedCommit last) {
        return last.repository().equals(settings.url().identity())
                && last.reference().equals(settings.reference().text());
    }

    private List<String> require(AcceptedCommit last, Tip next, Descent.Proof proof)
            throws SourceFailedException, IOException {
        Movement movement = settings.reference().movement(last.commit(), Optional.ofNullable(last.tag()), next);
        if (settings.allowRewrite()) {
            return movement.notes();
        }
        if (movement.backwards().isPresent()) {
            throw new SourceFailedException(
                    "The version of " + settings.url() + " would go backwards: "
                            + movement.backwards().get(),
                    "Push a tag of at least the last accepted version, " + orAllow());
        }
        if (movement.mustDescend()) {
            requireDescent(last, next, proof);
        }
        return movement.notes();
    }

    private void requireDescent(AcceptedCommit last, Tip next, Descent.Proof proof)
            throws SourceFailedException, IOException {
        Optional<Refusal> before = refusal.filter(one -> one.isOf(last.commit(), next));
        if (before.isPresent()) {
            throw before.get().failure();
        }
        Descent found = proof.of(next.commit(), ObjectId.fromString(last.commit()));
        if (!found.proven()) {
            SourceFailedException failure = refused(last.commit(), next.commit().name(), found);
            refusal = Optional.of(new Refusal(last.commit(), next.commit(), failure, Deadline.in(RETRY_INTERVAL)));
            throw failure;
        }
    }

    private SourceFailedException refused(String last, String next, Descent found) {
        String which = "commit " + next + " of " + settings.reference().text() + " in " + settings.url();
        if (found.unknown().isPresent()) {
            return new SourceFailedException(
                    "It cannot be proven that " + which + " is a descendant of the last accepted commit " + last + ": "
                            + found.unknown().get(),
                    "Push a merge commit whose parent is " + last + ", " + orAllow());
        }
        return new SourceFailedException(
                "The history was rewritten: " + which + " is not a descendant of the last accepted commit " + last
                        + ", which stays in force",
                "Push a descendant of " + last + " (undo a change by \"git revert\", not by a force push), "
                        + orAllow());
    }

    private String orAllow() {
        return "or allow it: set ENSEMBLED_GIT_ALLOW_REWRITE=true (allowRewrite in the file of ENSEMBLED_SOURCES), or "
                + record.deletion() + " to allow it once.";
    }

    private static String reason(IOException failure) {
        return DisplayText.oneLine(String.valueOf(failure.getMessage()));
    }
}
