package dev.ensembled.web.page;

import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Git source. Times are in RFC 3339, and texts without a value are empty.
 *
 * @param title "Git", or with its name if there are several
 * @param kind of the reference that is followed, such as branch
 * @param commit the id of the commit that was read last
 * @param stored whether the store has taken all of that commit
 * @param fetchFailure why fetches fail
 * @param violations at most {@value #MOST}
 * @param hidden the number of violations that are not shown
 * @param unsynced a line for each ensemble that does not follow its file
 */
public record SourceView(
        String title,
        String url,
        String kind,
        String name,
        String path,
        String commit,
        String message,
        String signer,
        String committed,
        boolean stored,
        String lastSuccess,
        String lastAttempt,
        int failuresInARow,
        Trouble fetchFailure,
        Trouble storeFailure,
        List<Place> violations,
        int hidden,
        List<String> unsynced,
        List<String> notes,
        int ensembles) {
    static final int MOST = 100;

    /** A failure that is tried again. */
    public record Trouble(String what, String toDo, String since) {
        static Trouble of(GitState.Failure failure) {
            return new Trouble(failure.what(), failure.toDo(), failure.since().toString());
        }
    }

    /** A violation, with its place in the form that editors understand. */
    public record Place(String at, String field, String message) {
        static Place of(Violation violation) {
            return new Place(
                    SafeText.of(violation.file()) + ":" + violation.line() + ":" + violation.column(),
                    SafeText.of(violation.field()),
                    SafeText.of(violation.message()));
        }
    }

    /** Returns the sources in their order. */
    public static List<SourceView> of(Map<String, GitState> sources) {
        return sources.entrySet().stream()
                .map(source -> of(sources.size() == 1 ? "Git" : "Git source " + source.getKey(), source.getValue()))
                .toList();
    }

    private static SourceView of(String title, GitState git) {
        Optional<GitState.Commit> commit = git.commit();
        return new SourceView(
                title,
                git.url(),
                git.reference().kind(),
                SafeText.of(git.reference().name()),
                SafeText.of(git.path()),
                commit.map(GitState.Commit::id).orElse(""),
                SafeText.of(commit.map(GitState.Commit::message).orElse("")),
                commit.flatMap(GitState.Commit::signer).orElse(""),
                commit.map(one -> one.time().toString()).orElse(""),
                commit.map(GitState.Commit::id).equals(git.storedCommit()),
                time(git.lastSuccess()),
                time(git.lastAttempt()),
                git.failuresInARow(),
                git.fetchFailure().map(Trouble::of).orElse(null),
                git.storeFailure().map(Trouble::of).orElse(null),
                git.violations().stream().limit(MOST).map(Place::of).toList(),
                Math.max(0, git.violations().size() - MOST),
                git.unsyncedEnsembles().stream().limit(MOST).toList(),
                git.notes().stream().limit(MOST).map(SafeText::of).toList(),
                git.ensembles().size());
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
    }

    /** The same without the times of fetches, which pass without a change. */
    public SourceView withoutTimes() {
        return new SourceView(
                title,
                url,
                kind,
                name,
                path,
                commit,
                message,
                signer,
                committed,
                stored,
                "",
                "",
                Math.min(failuresInARow, 1),
                fetchFailure,
                storeFailure,
                violations,
                hidden,
                unsynced,
                notes,
                ensembles);
    }

    public String shortCommit() {
        return EnsembleRow.shortened(commit);
    }

    /** Whether a person should look at it. */
    public boolean inTrouble() {
        return fetchFailure != null || storeFailure != null || !violations.isEmpty() || !unsynced.isEmpty();
    }
}
