package dev.ensembled.reconciler.history;

import dev.ensembled.reconciler.history.RecordedCycle.Held;
import dev.ensembled.reconciler.history.RecordedCycle.Taken;
import dev.ensembled.reconciler.observed.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The history after one more cycle, by the rules of {@link History#after}. */
final class Recording {
    private final RecordedCycle cycle;
    private final List<RecordedCommit> commits;

    private Recording(History before, RecordedCycle cycle) {
        this.cycle = cycle;
        this.commits = new ArrayList<>(before.commits());
    }

    static History after(History before, RecordedCycle cycle) {
        Recording recording = new Recording(before, cycle);
        recording.endSteps(step -> step.observed(cycle.observed(), cycle.now()));
        recording.record();
        History after = new History(recording.commits);
        return after.equals(before) ? before : HistoryLimits.within(after);
    }

    private void record() {
        Optional<Held> held = cycle.held().filter(Held::isRecorded);
        boolean nothingKnown = commits.isEmpty() && cycle.taken().isEmpty() && held.isEmpty();
        if (nothingKnown) {
            return;
        }
        if (commits.isEmpty() || !newest().isOf(cycle)) {
            changeNewest(commit -> commit.released(cycle.now()));
            commits.add(RecordedCommit.begun(cycle.commit(), cycle.generation(), begun()));
        }
        cycle.taken().ifPresent(this::taken);
        held.ifPresent(this::held);
        if (cycle.done()) {
            // The pod of a member that was removed may take a while to end.
            endSteps(step -> step.superseded(cycle.now()));
            changeNewest(commit -> commit.done() == null ? commit.withRevision(revision()) : commit);
            changeNewest(commit -> commit.doneAt(cycle.now()).released(cycle.now()));
        }
    }

    private void taken(Taken taken) {
        changeNewest(commit -> commit.released(taken.began()));
        if (taken.step().sanityTest().isPresent()) {
            return;
        }
        RecordedStep step = RecordedStep.of(taken, cycle.observed());
        if (taken.step().restartsMember()) {
            endSteps(before -> before.supersededBy(step));
            changeNewest(commit -> commit.withRevision(revision()));
        }
        changeNewest(commit -> commit.plus(step));
    }

    private void held(Held held) {
        RecordedHold hold = new RecordedHold(
                held.gate().toString(), RecordedStep.text(held.reason()), held.stalled(), cycle.now(), null);
        changeNewest(commit -> commit.heldBy(hold));
    }

    private Instant begun() {
        return cycle.taken().map(Taken::began).orElse(cycle.now());
    }

    private Optional<String> revision() {
        return cycle.observed().target().map(Revision::id);
    }

    private RecordedCommit newest() {
        return commits.get(commits.size() - 1);
    }

    private void changeNewest(UnaryOperator<RecordedCommit> change) {
        if (!commits.isEmpty()) {
            commits.set(commits.size() - 1, change.apply(newest()));
        }
    }

    private void endSteps(UnaryOperator<RecordedStep> change) {
        commits.replaceAll(
                commit -> commit.withSteps(commit.steps().stream().map(change).toList()));
    }
}
