package dev.ensembled.git;

import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of the Git source, for health, status and pages. Contains no secret.
 *
 * @param url cannot contain a secret
 * @param reference what is followed
 * @param path the directory that is read; empty for the whole repository
 * @param commit the commit that was read last; empty until a fetch has succeeded
 * @param storedCommit the id of the last commit that the store has taken completely
 * @param lastSuccess when a fetch last succeeded, whether or not it brought a new commit
 * @param lastAttempt when the last fetch was started
 * @param failuresInARow the number of fetches that have failed in a row; 0 if the last fetch succeeded
 * @param fetchFailure why the last fetch failed; the last good commit stays in force meanwhile
 * @param storeFailure why the store could not take all of the commit; tried again
 * @param violations all violations in the files of that commit
 * @param notes what was not read on purpose, and how the commit was chosen
 * @param files the files of that commit
 * @param ensembles the ensembles of this source
 */
public record GitState(
        String url,
        Reference reference,
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
     * A commit, as it is shown to people.
     *
     * @param message the first line of the commit message
     * @param signer who signed the commit, with the fingerprint of the key; empty if no signature was required
     */
    public record Commit(String id, Instant time, String message, Optional<String> signer) {
        public Commit {
            message = Redaction.text(message);
            signer = signer.map(DisplayText::oneLine);
        }

        public Commit(String id, Instant time, String message) {
            this(id, time, message, Optional.empty());
        }
    }

    /**
     * A failure that is tried again.
     *
     * @param what what happened
     * @param toDo what a person can do about it
     * @param since when the first of the failures in a row was seen
     */
    public record Failure(String what, String toDo, Instant since) {
        public Failure {
            what = DisplayText.sentences(what);
            toDo = DisplayText.sentences(toDo);
        }
    }

    /**
     * A file of the commit.
     *
     * @param ensembles the valid ensembles that it defines
     * @param violations the number of its violations
     */
    public record File(String path, List<EnsembleId> ensembles, int violations) {
        public File {
            ensembles = List.copyOf(ensembles);
        }
    }

    /**
     * An ensemble of this source.
     *
     * @param source the source status in the store
     * @param storeFailure why the store could not take the last change of the ensemble
     */
    public record Ensemble(EnsembleId id, SourceStatus source, Optional<String> storeFailure) {}

    /** The ensembles that do not follow their file now: orphaned, held, or not taken by the store; a line each, with why. */
    public List<String> unsyncedEnsembles() {
        return ensembles.stream()
                .filter(one -> one.storeFailure().isPresent()
                        || (one.source().state() != null
                                && !one.source().state().equals(SourceState.Synced.name())))
                .map(one -> one.id() + " (" + one.source().path() + ") is "
                        + Objects.requireNonNullElse(one.source().state(), "not stored") + ": "
                        + one.storeFailure()
                                .orElse(Objects.requireNonNullElse(one.source().message(), "no reason recorded")))
                .map(SafeText::of)
                .toList();
    }

    /** The state before the first fetch. */
    static GitState of(GitSettings settings) {
        return new GitState(
                settings.url().toString(),
                settings.reference(),
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
                reference,
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
                reference,
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

    GitState succeeded(CommitContent reading, Instant now) {
        return new GitState(
                url,
                reference,
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
     * The state after an attempt to update the store to the commit.
     *
     * @param nowViolations all violations of the commit, including conflicts with what is stored
     * @param failure empty if the store took all changes
     */
    GitState stored(List<Ensemble> now, List<Violation> nowViolations, Optional<Failure> failure) {
        return new GitState(
                url,
                reference,
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
