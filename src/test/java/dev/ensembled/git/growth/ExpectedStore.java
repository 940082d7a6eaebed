package dev.ensembled.git.growth;

import dev.ensembled.git.growth.RandomFile.Definition;
import dev.ensembled.git.growth.RandomFile.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The last valid version of each ensemble, by the rules of docs/git.md, "What a commit changes". */
final class ExpectedStore {
    private final Map<EnsembleId, Ensemble> all = new TreeMap<>();
    private final Map<Event, Integer> events = new EnumMap<>(Event.class);

    /** What has happened to an ensemble. */
    enum Event {
        ACCEPTED,
        HELD,
        ORPHANED,
        REMOVED,
        HELD_BY_LEFTOVER,
        HELD_BY_RENAME,
        PENDING
    }

    /** An accepted ensemble; the commit is the one that last changed its spec or its path. */
    record Ensemble(int voters, boolean delete, String path, String commit, String state) {
        private Ensemble in(String other) {
            return new Ensemble(voters, delete, path, commit, other);
        }
    }

    Map<EnsembleId, Ensemble> ensembles() {
        return all;
    }

    /** How often each of them has happened. */
    Map<Event, Integer> events() {
        return events;
    }

    /** What the commit changes. */
    void accept(String commit, RandomTree tree) {
        Map<EnsembleId, Definition> found = new TreeMap<>(tree.defined());
        Map<EnsembleId, Ensemble> before = new TreeMap<>(all);
        Map<EnsembleId, Event> undefined = new TreeMap<>();
        before.forEach((id, stored) -> {
            if (!tree.defined().containsKey(id)) {
                undefined.put(id, undefined(id, stored, tree, found, before));
            }
        });
        long removed = undefined.entrySet().stream()
                .filter(one -> counts(one.getValue(), before.get(one.getKey()), tree.mentions(one.getKey())))
                .count();
        undefined.forEach((id, event) -> apply(id, before.get(id), event, removed, tree.mentions(id)));
        found.forEach((id, one) -> accept(commit, id, one, tree.pathOf(one)));
    }

    private void accept(String commit, EnsembleId id, Definition one, String path) {
        Ensemble stored = all.get(id);
        boolean same = stored != null
                && stored.path().equals(path)
                && stored.voters() == one.voters()
                && stored.delete() == one.delete();
        all.put(id, new Ensemble(one.voters(), one.delete(), path, same ? stored.commit() : commit, "Synced"));
        count(Event.ACCEPTED);
    }

    /**
     * What would happen to an ensemble if nothing were left of it, and no confirmation were required.
     *
     * @param found the definitions to accept, from which the new name of a renamed ensemble is removed
     */
    private static Event undefined(
            EnsembleId id,
            Ensemble stored,
            RandomTree tree,
            Map<EnsembleId, Definition> found,
            Map<EnsembleId, Ensemble> before) {
        String path = stored.path();
        Optional<RandomFile> file = tree.file(path);
        boolean content = file.isPresent() && file.get().kind() != Kind.BLANK;
        boolean defines = tree.defined().values().stream()
                .anyMatch(one -> tree.pathOf(one).equals(path));
        if (tree.refused().contains(id)
                || tree.violations().contains(path)
                || tree.isHidden(path)
                || (content && !defines)) {
            return Event.HELD;
        }
        Optional<EnsembleId> renamed = stored.delete() ? renamed(path, tree, before) : Optional.empty();
        if (renamed.isPresent()) {
            found.remove(renamed.get());
            return Event.HELD_BY_RENAME;
        }
        boolean orphaned = !stored.delete()
                || (file.isPresent() && !content)
                || tree.defined().isEmpty()
                || !tree.violations().isEmpty();
        return orphaned ? Event.ORPHANED : Event.REMOVED;
    }

    /** Whether the commit removes the ensemble, so that another removal by the same commit waits for a confirmation. */
    private static boolean counts(Event event, Ensemble stored, boolean mentioned) {
        boolean left = event == Event.REMOVED && mentioned;
        return removes(event, stored)
                && !stored.state().equals("RemovalPending")
                && (!left || stored.state().equals("Synced"));
    }

    private static boolean removes(Event event, Ensemble stored) {
        return event == Event.REMOVED
                || (event == Event.ORPHANED && !stored.state().equals("Orphaned"));
    }

    private void apply(EnsembleId id, Ensemble stored, Event event, long removed, boolean mentioned) {
        if (event == Event.HELD || event == Event.HELD_BY_RENAME) {
            put(id, stored, "Held", event);
        } else if (event == Event.REMOVED && mentioned) {
            put(id, stored, "Held", Event.HELD_BY_LEFTOVER);
        } else if (removes(event, stored) && (removed > 1 || stored.state().equals("RemovalPending"))) {
            put(id, stored, "RemovalPending", Event.PENDING);
        } else if (event == Event.ORPHANED) {
            put(id, stored, "Orphaned", event);
        } else {
            all.remove(id);
            count(event);
        }
    }

    private static Optional<EnsembleId> renamed(String path, RandomTree tree, Map<EnsembleId, Ensemble> before) {
        return tree.defined().entrySet().stream()
                .filter(one -> tree.pathOf(one.getValue()).equals(path))
                .map(Map.Entry::getKey)
                .filter(other ->
                        !before.containsKey(other) || before.get(other).state().equals("Orphaned"))
                .findFirst();
    }

    private void put(EnsembleId id, Ensemble stored, String state, Event event) {
        all.put(id, stored.in(state));
        count(event);
    }

    private void count(Event event) {
        events.merge(event, 1, Integer::sum);
    }
}
