package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.commitplan.Relocation.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Recognizes renames: an ensemble that is no longer defined, beside one that did not exist before. The name and the namespace of
 * an ensemble are immutable, so that a rename creates a second ensemble, without the data of the first one. Each ensemble is part of
 * one rename at most; the surest signs are looked for first: the same name in another namespace, then the same file, then an
 * equal spec. Pure.
 */
final class Renames {
    private static final List<BiPredicate<Gone, Found>> SIGNS = List.of(
            (gone, created) -> gone.id().name().equals(created.id().name()),
            (gone, created) -> created.path().equals(gone.file()),
            (gone, created) -> created.resource().getSpec().equals(gone.spec()));

    private final Map<EnsembleId, Relocation> relocations = new HashMap<>();
    private final Map<EnsembleId, String> advice = new HashMap<>();

    /**
     * An ensemble that is no longer defined.
     *
     * @param fate what happens to it; empty if it is held, so that the other ensemble is not accepted either
     */
    private record Gone(EnsembleId id, String file, EnsembleSpec spec, Optional<String> fate) {}

    private Renames() {}

    /** Finds the renames among what a commit defines and changes. */
    static Renames among(
            Collection<Change> changes, Collection<Found> defined, Map<EnsembleId, StoredEnsemble> stored) {
        List<Found> created = new ArrayList<>(defined.stream()
                .filter(found -> !stored.containsKey(found.id()))
                .toList());
        Set<EnsembleId> definedIds = defined.stream().map(Found::id).collect(Collectors.toSet());
        Set<EnsembleId> changed = changes.stream().map(Change::id).collect(Collectors.toSet());
        List<Gone> gone = new ArrayList<>(changes.stream()
                .filter(change -> stored.containsKey(change.id()) && !definedIds.contains(change.id()))
                .map(change -> new Gone(
                        change.id(),
                        change.source().path(),
                        stored.get(change.id()).spec(),
                        fate(change)))
                .toList());
        Renames renames = new Renames();
        SIGNS.forEach(sign -> renames.match(
                gone,
                created,
                (one, other) -> one.fate().isPresent() == changed.contains(other.id()) && sign.test(one, other)));
        return renames;
    }

    private void match(List<Gone> gone, List<Found> created, BiPredicate<Gone, Found> sign) {
        for (Gone one : List.copyOf(gone)) {
            created.stream().filter(other -> sign.test(one, other)).findFirst().ifPresent(other -> {
                gone.remove(one);
                created.remove(other);
                add(one, other);
            });
        }
    }

    private void add(Gone from, Found to) {
        relocations.put(from.id(), new Relocation(Kind.RENAMED_TO, to.id(), to.path()));
        relocations.put(to.id(), new Relocation(Kind.RENAMED_FROM, from.id(), from.file()));
        if (from.fate().isEmpty()) {
            return;
        }
        String effect = "an ensemble cannot be renamed, and data is not moved. " + from.id() + " "
                + from.fate().get() + ", and "
                + to.id() + " would be bootstrapped with empty data. To keep the data, restore the name "
                + from.id().name() + " in the namespace " + from.id().namespace();
        advice.put(from.id(), "looks like a rename to " + to.id() + " (" + to.path() + "): " + effect);
        advice.put(to.id(), "looks like a rename of " + from.id() + " (" + from.file() + "): " + effect);
    }

    private static Optional<String> fate(Change change) {
        return change.accept(new Change.Visitor<Optional<String>>() {
            @Override
            public Optional<String> visit(Change.Accept accept) {
                return Optional.empty();
            }

            @Override
            public Optional<String> visit(Change.Hold hold) {
                return Optional.empty();
            }

            @Override
            public Optional<String> visit(Change.Orphan orphan) {
                return Optional.of("would be orphaned, and keep running with its data");
            }

            @Override
            public Optional<String> visit(Change.Remove remove) {
                return Optional.of("would be deleted");
            }

            @Override
            public Optional<String> visit(Change.AwaitRemoval await) {
                return Optional.of("would keep running until its removal is confirmed");
            }
        });
    }

    Optional<Relocation> of(EnsembleId id) {
        return Optional.ofNullable(relocations.get(id));
    }

    /** Returns what a person has to know about the rename of which this ensemble is part, as a clause. */
    Optional<String> advice(EnsembleId id) {
        return Optional.ofNullable(advice.get(id));
    }
}
