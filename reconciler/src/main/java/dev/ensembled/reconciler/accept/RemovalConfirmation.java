package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.accept.Change.AwaitRemoval;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.accept.RemovedEnsembles.Verdict;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds removals back until a person confirms them: of several ensembles by one commit, and by a source that changed. To
 * orphan an ensemble counts as a removal, since an orphan is no longer restored from Git, its deletion policy applies when its
 * resource is deleted, and another installation may take it over.
 *
 * <ul>
 *   <li>A removal stays bound to the commit that it waits for, whatever is pushed afterwards, until a file defines the ensemble
 *       again: the confirmation of one removal never confirms a later one.
 *   <li>A removal that would only orphan, and later would delete, is bound to the later commit: a person has not confirmed a
 *       deletion before the status names it.
 *   <li>The removal of one ensemble by one commit does not wait, even while others wait.
 * </ul>
 */
final class RemovalConfirmation {
    private final Commit commit;
    private final Map<EnsembleId, StoredEnsemble> known;
    private final int removed;

    /**
     * Counts what the commit removes.
     *
     * @param verdicts before the search for leftovers
     * @param leftovers the ensembles that leftovers hold: the commit removes their definition nevertheless, unless an earlier
     *     commit did
     */
    RemovalConfirmation(
            Commit commit,
            Map<EnsembleId, StoredEnsemble> known,
            Map<EnsembleId, Verdict> verdicts,
            Set<EnsembleId> leftovers) {
        this.commit = commit;
        this.known = known;
        this.removed = (int) verdicts.values().stream()
                .map(Verdict::change)
                .filter(change -> removes(change) && !is(before(change), SourceState.RemovalPending))
                .filter(change -> !leftovers.contains(change.id()) || is(before(change), SourceState.Synced))
                .count();
    }

    /** Returns the verdict, or in its place one that waits for a confirmation. */
    Verdict confirmed(Verdict verdict) {
        Change change = verdict.change();
        if (!removes(change)) {
            return verdict;
        }
        SourceStatus before = before(change);
        boolean otherSource = isOfOtherSource(before);
        PendingRemoval removal = removal(before, change instanceof Remove);
        boolean isConfirmed = known.get(change.id())
                .confirmedRemoval()
                .filter(removal.commit()::equals)
                .isPresent();
        boolean waits = is(before, SourceState.RemovalPending) || removed > 1 || otherSource;
        return !waits || isConfirmed
                ? verdict
                : Verdict.of(new AwaitRemoval(
                        change.id(),
                        before.with(
                                SourceState.RemovalPending.name(),
                                otherSource
                                        ? RemovalMessages.otherSource(change.id(), before, commit.origin(), removal)
                                        : RemovalMessages.several(change.id(), removal),
                                removal)));
    }

    private PendingRemoval removal(SourceStatus before, boolean deletes) {
        Optional<PendingRemoval> pending = Optional.ofNullable(before.removal());
        int ensembles = pending.map(PendingRemoval::ensembles).orElse(Math.max(1, removed));
        return pending.filter(waiting -> waiting.deletes() || !deletes)
                .map(waiting -> new PendingRemoval(waiting.commit(), ensembles, deletes))
                .orElseGet(() -> new PendingRemoval(commit.id(), ensembles, deletes));
    }

    private boolean removes(Change change) {
        return change instanceof Remove || (change instanceof Orphan && !is(before(change), SourceState.Orphaned));
    }

    private boolean isOfOtherSource(SourceStatus before) {
        return before.origin() != null && !commit.origin().isOf(before);
    }

    private SourceStatus before(Change change) {
        return known.get(change.id()).source().orElseThrow();
    }

    private static boolean is(SourceStatus before, SourceState state) {
        return state.name().equals(before.state());
    }
}
