package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.accept.Change.Accept;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.accept.RemovedEnsembles.Verdict;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what a commit changes. It has no side effects; one instance decides about one commit.
 *
 * <ol>
 *   <li>An ensemble that another source or installation accepted is left alone. If a file of this source defines it
 *       nevertheless, that is a violation until it is handed over, see {@link Origin}.
 *   <li>An ensemble that files of several sources define is held by the source that accepted it, and accepted by none of
 *       them if it is new.
 *   <li>A stored ensemble whose id appears in a refused document is held, wherever that document is.
 *   <li>An ensemble that a file defines is accepted if its spec, path or source differs from what is stored, if it was
 *       held or orphaned, or if the stored resource was edited. The recorded commit is the last commit that changed the
 *       spec or its path, so that a push that does not concern an ensemble writes nothing for it.
 *   <li>An ensemble that no file defines is left alone, unless it came from a Git source; {@link RemovedEnsembles} decides
 *       what happens to it.
 *   <li>Before an ensemble is removed, the whole commit is searched for leftovers of it; if there are any, it is held
 *       instead.
 *   <li>The removal of several ensembles by one commit, and any removal by a source that changed, waits for a confirmation,
 *       see {@link RemovalConfirmation}.
 * </ol>
 */
public final class Acceptance {
    private final Commit commit;
    private final ParsedCommit parsed;
    private final Map<EnsembleId, StoredEnsemble> known = new TreeMap<>();
    private final Map<EnsembleId, Found> found = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private boolean contested;

    private Acceptance(Commit commit, ParsedCommit parsed, Collection<StoredEnsemble> stored) {
        this.commit = commit;
        this.parsed = parsed;
        stored.forEach(one -> known.put(one.id(), one));
        parsed.ensembles().forEach(one -> found.putIfAbsent(one.id(), one));
        parsed.invalid().forEach(found::remove);
    }

    public static AcceptanceResult decide(
            Commit commit, ParsedCommit parsed, Collection<StoredEnsemble> stored, Leftovers leftovers) {
        return new Acceptance(commit, parsed, stored).decide(leftovers);
    }

    private AcceptanceResult decide(Leftovers leftovers) {
        RemovedEnsembles undefined = new RemovedEnsembles(commit, parsed, found, known);
        Map<EnsembleId, Verdict> verdicts = new TreeMap<>();
        known.forEach((id, one) -> {
            if (!found.containsKey(id)) {
                undefined.of(one).ifPresent(verdict -> verdicts.put(id, verdict));
            }
        });
        List<Leftover> removed = verdicts.values().stream()
                .filter(verdict -> verdict.change() instanceof Remove)
                .map(verdict -> new Leftover(
                        verdict.change().id(), verdict.change().source().path()))
                .toList();
        Map<EnsembleId, Violation> left = removed.isEmpty() ? Map.of() : leftovers.find(removed);
        RemovalConfirmation confirmation = new RemovalConfirmation(commit, known, verdicts, left.keySet());
        left.forEach((id, why) -> verdicts.computeIfPresent(id, (same, verdict) -> verdict.held(why)));
        verdicts.replaceAll((id, verdict) -> confirmation.confirmed(verdict));
        return decided(verdicts.values());
    }

    private AcceptanceResult decided(Collection<Verdict> verdicts) {
        verdicts.forEach(verdict -> {
            verdict.because().ifPresent(violations::add);
            verdict.renamed().ifPresent(found::remove);
        });
        List<Change> changes = new ArrayList<>();
        found.forEach(
                (id, file) -> accepted(file, Optional.ofNullable(known.get(id))).ifPresent(changes::add));
        verdicts.stream().map(Verdict::change).filter(this::differsFromStored).forEach(changes::add);
        changes.sort(Comparator.<Change, Boolean>comparing(change -> change instanceof Remove)
                .thenComparing(Change::id));
        return new AcceptanceResult(
                changes, violations.stream().distinct().sorted().toList(), contested);
    }

    private boolean differsFromStored(Change change) {
        return change instanceof Remove
                || !known.get(change.id())
                        .source()
                        .filter(change.source()::equals)
                        .isPresent();
    }

    private Optional<Change> accepted(Found file, Optional<StoredEnsemble> stored) {
        Optional<SourceStatus> before = stored.flatMap(StoredEnsemble::source);
        if (before.filter(this::isTaken).isPresent()) {
            contested = true;
            violations.add(new Violation(
                    file.path(),
                    1,
                    1,
                    "metadata.name",
                    SourceMessages.ofAnother(file.id(), before.get(), commit.origin())));
            return Optional.empty();
        }
        Optional<Definition> elsewhere = commit.context().elsewhere(file.id()).filter(Definition::valid);
        if (elsewhere.isPresent()) {
            return contended(file, before, elsewhere.get());
        }
        boolean sameSource = before.filter(commit.origin()::isOf).isPresent();
        boolean sameSpec = stored.isPresent()
                && stored.get().spec().equals(file.resource().getSpec())
                && before.isPresent()
                && file.path().equals(before.get().path());
        SourceStatus after = new SourceStatus(
                sameSpec ? before.get().commit() : commit.id(),
                file.path(),
                SourceState.Synced.name(),
                null,
                commit.origin().source(),
                sameSource && !commit.origin().isOfInstallation(before.get())
                        ? before.get().installation()
                        : commit.origin().owner());
        if (sameSpec && !stored.get().edited() && before.get().equals(after)) {
            return Optional.empty();
        }
        return Optional.of(new Accept(file.resource(), after));
    }

    /** Another source defines the ensemble, too: the last good spec of the source that accepted it stays in force. */
    private Optional<Change> contended(Found file, Optional<SourceStatus> before, Definition elsewhere) {
        Violation why = new Violation(
                file.path(),
                1,
                1,
                "metadata.name",
                SourceMessages.contended(
                        file,
                        commit.origin(),
                        elsewhere,
                        before.filter(this::isHeldByUs).isPresent()));
        violations.add(why);
        return before.filter(this::isHeldByUs)
                .map(source -> source.with(SourceState.Held.name(), SourceMessages.held(why)))
                .filter(held -> !before.get().equals(held))
                .map(held -> new Change.Hold(file.id(), held));
    }

    private boolean isHeldByUs(SourceStatus before) {
        return !commit.origin().isOfAnother(before)
                && !commit.origin().isReleased(before)
                && !SourceState.Orphaned.name().equals(before.state());
    }

    /** Whether another source or installation accepted the ensemble and has not released it as orphaned. */
    private boolean isTaken(SourceStatus before) {
        return commit.origin().isOfAnother(before)
                && !SourceState.Orphaned.name().equals(before.state());
    }
}
