package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.Commit;
import dev.ensembled.reconciler.accept.Leftovers;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.simulation.model.ModelSource.Acceptor;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Mutations of the acceptance of commits: rules 9 and 11. */
final class SourceMutations {
    private SourceMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofAcceptance(
                        "without orphaning: a missing file removes its ensemble",
                        withChanges((change, stored) -> removal(change))),
                Mutation.ofAcceptance(
                        "without the conditions of a removal by deletionPolicy Delete",
                        withChanges((change, stored) -> isDeletable(change, stored) ? removal(change) : change)),
                Mutation.ofAcceptance(
                        "without the search for leftovers before a removal",
                        (commit, parsed, stored, leftovers) ->
                                Acceptance.decide(commit, parsed, stored, gone -> Map.of())),
                Mutation.ofAcceptance(
                        "without the confirmation of a removal of several ensembles",
                        SourceMutations::confirmEverything),
                Mutation.ofAcceptance(
                        "without holding: an invalid document counts as missing",
                        onFiles(SourceMutations::withoutInvalidDocuments)),
                Mutation.ofAcceptance(
                        "without containment: an invalid document blocks its commit",
                        SourceMutations::acceptOnlyValidCommits));
    }

    private static Acceptor withChanges(BiFunction<Change, Collection<StoredEnsemble>, Change> mutation) {
        return (commit, parsed, stored, leftovers) -> {
            AcceptanceResult decided = Acceptance.decide(commit, parsed, stored, leftovers);
            List<Change> changes = decided.changes().stream()
                    .map(change -> mutation.apply(change, stored))
                    .toList();
            return new AcceptanceResult(changes, decided.violations(), decided.contested());
        };
    }

    private static AcceptanceResult confirmEverything(
            Commit commit, ParsedCommit parsed, Collection<StoredEnsemble> stored, Leftovers leftovers) {
        AcceptanceResult decided = Acceptance.decide(commit, parsed, stored, leftovers);
        List<StoredEnsemble> confirmed = stored.stream()
                .map(one -> decided.changes().stream()
                        .filter(change -> change instanceof Change.AwaitRemoval
                                && change.id().equals(one.id()))
                        .findFirst()
                        .map(change -> new StoredEnsemble(
                                one.id(),
                                one.spec(),
                                one.source(),
                                one.edited(),
                                Optional.of(change.source().removal().commit())))
                        .orElse(one))
                .toList();
        return Acceptance.decide(commit, parsed, confirmed, leftovers);
    }

    private static Acceptor onFiles(UnaryOperator<ParsedCommit> mutation) {
        return (commit, parsed, stored, leftovers) ->
                Acceptance.decide(commit, mutation.apply(parsed), stored, leftovers);
    }

    private static Change removal(Change change) {
        return change instanceof Change.Orphan orphan ? new Change.Remove(orphan.id(), orphan.source()) : change;
    }

    private static boolean isDeletable(Change change, Collection<StoredEnsemble> stored) {
        return stored.stream()
                .anyMatch(one -> one.id().equals(change.id()) && one.spec().deletionPolicy() == DeletionPolicy.Delete);
    }

    private static ParsedCommit withoutInvalidDocuments(ParsedCommit parsed) {
        return new ParsedCommit(parsed.ensembles(), List.of(), Set.of(), Set.of(), parsed.notes(), Map.of());
    }

    private static AcceptanceResult acceptOnlyValidCommits(
            Commit commit, ParsedCommit parsed, Collection<StoredEnsemble> stored, Leftovers leftovers) {
        AcceptanceResult decided = Acceptance.decide(commit, parsed, stored, leftovers);
        List<Change> changes = decided.changes().stream()
                .filter(change -> parsed.violations().isEmpty() || !(change instanceof Change.Accept))
                .toList();
        return new AcceptanceResult(changes, decided.violations(), decided.contested());
    }
}
