package dev.ensembled.git;

import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.OneLine;
import dev.ensembled.reconciler.spec.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the Git source: for health, status and pages. Contains no secret.
 *
 * @param url has no place for a secret
 * @param path the directory that is read; empty for the whole repository
 * @param commit the one that was read last; empty until a fetch succeeded
 * @param storedCommit the id of the last one that the store has taken completely
 * @param lastSuccess when a fetch last succeeded, whether or not it brought a new commit
 * @param lastAttempt when the last fetch was started
 * @param failuresInARow of fetches; 0 when the last one succeeded
 * @param fetchFailure why the last fetch failed; the last good commit stays in force meanwhile
 * @param storeFailure why the store could not take all of the commit; tried again
 * @param violations all that is wrong in the files of that commit
 * @param notes what was left out on purpose
 * @param files the files of that commit
 * @param ensembles those that came from this source
 */
public record GitState(
        String url,
        String branch,
        String path,
        Optional<Commit> commit,
        Optional<String> storedCommit,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastAttempt,
        int failuresInARow,
        Optional<Failure> fetchFailure,
        Optional<Failure> storeFailure,
        List<Violation> violations,
        List<String> notes,
        List<File> files,
        List<Ensemble> ensembles) {
    public GitState {
        violations = List.copyOf(violations);
        notes = List.copyOf(notes);
        files = List.copyOf(files);
        ensembles = List.copyOf(ensembles);
    }

    /**
     * A commit, for people.
     *
     * @param message its first line
     */
    public record Commit(String id, Instant time, String message) {
        public Commit {
            message = Redaction.text(message);
        }
    }

    /**
     * A failure that is tried again.
     *
     * @param what happened
     * @param toDo what a person may do about it
     * @param since when the first of the failures in a row was seen
     */
    public record Failure(String what, String toDo, Instant since) {
        public Failure {
            what = Diagnosis.fitToShow(what);
            toDo = Diagnosis.fitToShow(toDo);
        }
    }

    /**
     * A file of the commit.
     *
     * @param ensembles those that it defines and that are valid
     * @param violations how many it has
     */
    public record File(String path, List<EnsembleId> ensembles, int violations) {
        public File {
            ensembles = List.copyOf(ensembles);
        }
    }

    /**
     * An ensemble that came from this source.
     *
     * @param source as it stands in the store
     * @param storeFailure why the store could not take the last change of it
     */
    public record Ensemble(EnsembleId id, SourceStatus source, Optional<String> storeFailure) {}

    /** Ensembles that do not follow their file now: orphaned, held, or not taken by the store; each in a line, with why. */
    public List<String> ensemblesApart() {
        return ensembles.stream()
                .filter(one -> one.storeFailure().isPresent()
                        || (one.source().state() != null
                                && !one.source().state().equals(SourceState.Synced.name())))
                .map(one -> one.id() + " (" + one.source().path() + ") is "
                        + Objects.requireNonNullElse(one.source().state(), "not stored") + ": "
                        + one.storeFailure()
                                .orElse(Objects.requireNonNullElse(one.source().message(), "no reason is known")))
                .map(OneLine::of)
                .toList();
    }

    /** Before the first fetch. */
    static GitState of(GitSettings settings) {
        return new GitState(
                settings.url().toString(),
                settings.branch(),
                settings.path(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    GitState attempted(Instant now) {
        return new GitState(
                url,
                branch,
                path,
                commit,
                storedCommit,
                lastSuccess,
                Optional.of(now),
                failuresInARow,
                fetchFailure,
                storeFailure,
                violations,
                notes,
                files,
                ensembles);
    }

    GitState failed(String what, String toDo, Instant now) {
        Instant since = fetchFailure.map(Failure::since).orElse(now);
        return new GitState(
                url,
                branch,
                path,
                commit,
                storedCommit,
                lastSuccess,
                lastAttempt,
                failuresInARow + 1,
                Optional.of(new Failure(what, toDo, since)),
                storeFailure,
                violations,
                notes,
                files,
                ensembles);
    }

    GitState succeeded(Reading reading, Instant now) {
        return new GitState(
                url,
                branch,
                path,
                Optional.of(reading.commit()),
                storedCommit,
                Optional.of(now),
                lastAttempt,
                0,
                Optional.empty(),
                storeFailure,
                reading.violations(),
                reading.notes(),
                reading.files(),
                ensembles);
    }

    /**
     * After the store was brought up to the commit, or could not be.
     *
     * @param nowViolations all that is wrong with the commit, also in the light of what is stored
     * @param failure empty if all was taken
     */
    GitState stored(List<Ensemble> now, List<Violation> nowViolations, Optional<Failure> failure) {
        return new GitState(
                url,
                branch,
                path,
                commit,
                failure.isPresent() ? storedCommit : commit.map(Commit::id),
                lastSuccess,
                lastAttempt,
                failuresInARow,
                fetchFailure,
                failure.map(one -> new Failure(
                        one.what(), one.toDo(), storeFailure.map(Failure::since).orElse(one.since()))),
                nowViolations,
                notes,
                files,
                now);
    }
}
