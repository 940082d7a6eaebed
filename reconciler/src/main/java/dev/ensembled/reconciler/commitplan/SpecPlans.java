package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        Map<EnsembleId, Change> changes = new HashMap<>();
        decided.changes().forEach(change -> changes.put(change.id(), change));
        changes.values().forEach(change -> plans.add(plan(change)));
        parsed.ensembles().stream()
                .filter(found -> !changes.containsKey(found.id()) && stored.containsKey(found.id()))
                .map(found -> new SpecPlan(found.id(), found.path(), Action.KEEP, null, List.of(), Optional.empty()))
                .forEach(plans::add);
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
        });
    }

    private static SpecPlan unchanged(Change change, Action action) {
        SourceStatus source = change.source();
        return new SpecPlan(change.id(), source.path(), action, source.message(), List.of(), Optional.empty());
    }

    private SpecPlan accepted(Change.Accept accept) {
        EnsembleSpec wanted = accept.resource().getSpec();
        String file = accept.source().path();
        Optional<StoredEnsemble> before = Optional.ofNullable(stored.get(accept.id()));
        if (before.isEmpty()) {
            return new SpecPlan(accept.id(), file, Action.CREATE, besideOrphan(accept), List.of(), Optional.of(wanted));
        }
        List<FieldChange> changes = SpecChange.between(before.get().spec(), wanted).stream()
                .map(FieldChange::of)
                .toList();
        Action action = changes.isEmpty() && !before.get().edited() ? Action.KEEP : Action.UPDATE;
        return new SpecPlan(
                accept.id(),
                file,
                action,
                reason(before.get(), file),
                changes,
                action == Action.KEEP ? Optional.empty() : Optional.of(wanted));
    }

    private static String reason(StoredEnsemble before, String file) {
        if (before.edited()) {
            return "the stored spec was edited; the spec in the file replaces the edited spec";
        }
        return before.source()
                .map(SourceStatus::path)
                .filter(path -> !path.equals(file))
                .map(path -> "its definition moves from " + path + " to " + file)
                .orElse(null);
    }

    /** The name and the namespace of an ensemble are immutable, so that a rename creates a second ensemble. */
    private String besideOrphan(Change.Accept created) {
        return decided.changes().stream()
                .filter(change -> change instanceof Change.Orphan)
                .filter(change -> change.source().path().equals(created.source().path())
                        || change.id().name().equals(created.id().name()))
                .map(
                        change -> "it is created beside " + change.id()
                                + ", which is no longer defined and keeps running with its"
                                + " data: an ensemble cannot be renamed. To keep the data, restore the former name and namespace")
                .findFirst()
                .orElse(null);
    }
}
