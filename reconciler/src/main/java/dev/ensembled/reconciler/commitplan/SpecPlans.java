package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Derives from what a commit changes in the store what it does to the spec of each ensemble. Pure. */
public final class SpecPlans {
    private final Map<EnsembleId, StoredEnsemble> stored = new HashMap<>();
    private final AcceptanceResult decided;

    private SpecPlans(AcceptanceResult decided, Collection<StoredEnsemble> stored) {
        this.decided = decided;
        stored.forEach(one -> this.stored.put(one.id(), one));
    }

    /** Returns a plan for each ensemble that the commit defines or changes. */
    public static List<SpecPlan> of(ParsedCommit parsed, AcceptanceResult decided, Collection<StoredEnsemble> stored) {
        return new SpecPlans(decided, stored).plans(parsed);
    }

    private List<SpecPlan> plans(ParsedCommit parsed) {
        List<SpecPlan> plans = new ArrayList<>();
        Map<EnsembleId, Change> changes = new TreeMap<>();
        decided.changes().forEach(change -> changes.put(change.id(), change));
        changes.values().forEach(change -> plans.add(plan(change)));
        parsed.ensembles().stream()
                .filter(found -> !changes.containsKey(found.id()) && stored.containsKey(found.id()))
                .map(found ->
                        new SpecPlan(found.id(), found.path(), Action.KEEP, null, List.of(), Optional.empty(), null))
                .forEach(plans::add);
        Renames renames = Renames.among(changes.values(), parsed.ensembles(), stored);
        plans.replaceAll(plan -> plan.with(renames.of(plan.id()), renames.advice(plan.id())));
        return plans;
    }

    private SpecPlan plan(Change change) {
        return change.accept(new Change.Visitor<>() {
            @Override
            public SpecPlan visit(Change.Accept accept) {
                return accepted(accept);
            }

            @Override
            public SpecPlan visit(Change.Hold hold) {
                return unchanged(hold, Action.HOLD);
            }

            @Override
            public SpecPlan visit(Change.Orphan orphan) {
                return unchanged(orphan, Action.ORPHAN);
            }

            @Override
            public SpecPlan visit(Change.Remove remove) {
                return unchanged(remove, Action.REMOVE);
            }

            @Override
            public SpecPlan visit(Change.AwaitRemoval await) {
                return new SpecPlan(
                        await.id(),
                        await.source().path(),
                        Action.AWAIT_REMOVAL,
                        awaits(await.source().removal()),
                        List.of(),
                        Optional.empty(),
                        null);
            }
        });
    }

    private static SpecPlan unchanged(Change change, Action action) {
        SourceStatus source = change.source();
        return new SpecPlan(change.id(), source.path(), action, source.message(), List.of(), Optional.empty(), null);
    }

    /** A plan has no commit that a confirmation could name. */
    private static String awaits(PendingRemoval removal) {
        String why = removal.ensembles() > 1
                ? "the commit removes " + removal.ensembles() + " ensembles"
                : "ensembled follows another source now, which does not define it";
        String then = removal.deletes()
                ? "it would be deleted, because its deletionPolicy is Delete"
                : "it would be orphaned and keep running";
        return why
                + ": it would keep running with its last good spec until the removal is confirmed by the command that its"
                + " status names; then " + then;
    }

    private SpecPlan accepted(Change.Accept accept) {
        EnsembleSpec wanted = accept.resource().getSpec();
        String file = accept.source().path();
        Optional<StoredEnsemble> before = Optional.ofNullable(stored.get(accept.id()));
        if (before.isEmpty()) {
            return new SpecPlan(accept.id(), file, Action.CREATE, null, List.of(), Optional.of(wanted), null);
        }
        List<FieldChange> changes = SpecChange.between(before.get().spec(), wanted).stream()
                .map(FieldChange::of)
                .toList();
        Optional<String> moved = before.get().source().map(SourceStatus::path).filter(path -> !path.equals(file));
        Action action = changes.isEmpty() && !before.get().edited() ? Action.KEEP : Action.UPDATE;
        return new SpecPlan(
                accept.id(),
                file,
                action,
                reason(before.get(), moved),
                changes,
                action == Action.KEEP ? Optional.empty() : Optional.of(wanted),
                moved.map(Relocation::movedFrom).orElse(null));
    }

    private static String reason(StoredEnsemble before, Optional<String> moved) {
        if (before.edited()) {
            return "the stored spec was edited; the spec in the file replaces the edited spec";
        }
        return moved.map(path -> "its definition moves from " + path + "; the ensemble stays the same")
                .orElse(null);
    }
}
