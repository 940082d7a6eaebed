package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.accept.Change.Accept;
import dev.ensembled.reconciler.accept.Change.Hold;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec.Deletion;
import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.Parsed;
import dev.ensembled.reconciler.spec.Parsed.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what a commit changes. Pure; one instance decides about one commit.
 *
 * <ol>
 *   <li>A stored ensemble whose id stands in a refused document is held, wherever that document is.
 *   <li>An ensemble that a file defines is accepted if its spec or path differs from what is stored, if it was held or
 *       orphaned, or if somebody edited the stored resource. The commit that is recorded is the one that last changed the
 *       spec or its path, so that a push that does not concern an ensemble writes nothing for it.
 *   <li>What no file defines is left alone, unless it came from our source. If its old file is invalid or could not be
 *       looked into, it is held: what that file says of it is not known.
 *   <li>Otherwise its file is gone, and it is orphaned; or removed, if the accepted spec says {@code deletion: Delete} and
 *       nothing in the commit could hide where it went (see {@link #doubt}).
 * </ol>
 *
 * <p>Changes that would not change anything are not returned. Removals come last.
 */
public final class Acceptance {
    private final Commit commit;
    private final Parsed parsed;

    private Acceptance(Commit commit, Parsed parsed) {
        this.commit = commit;
        this.parsed = parsed;
    }

    /** The changes, ordered by id, removals last. */
    public static List<Change> decide(Commit commit, Parsed parsed, Collection<Stored> stored) {
        return new Acceptance(commit, parsed).changes(stored);
    }

    private List<Change> changes(Collection<Stored> stored) {
        Map<EnsembleId, Stored> known = new TreeMap<>();
        stored.forEach(one -> known.put(one.id(), one));
        Map<EnsembleId, Found> found = new TreeMap<>();
        parsed.ensembles().forEach(one -> found.putIfAbsent(one.id(), one));
        parsed.invalid().forEach(found::remove);

        List<Change> changes = new ArrayList<>();
        found.forEach(
                (id, file) -> accepted(file, Optional.ofNullable(known.get(id))).ifPresent(changes::add));
        List<Change> removals = new ArrayList<>();
        known.forEach((id, one) -> {
            if (!found.containsKey(id)) {
                undefined(one).ifPresent(change -> (change instanceof Remove ? removals : changes).add(change));
            }
        });
        changes.sort(Comparator.comparing(Change::id));
        changes.addAll(removals);
        return List.copyOf(changes);
    }

    private Optional<Change> accepted(Found file, Optional<Stored> stored) {
        Optional<SourceStatus> before = stored.flatMap(Stored::source);
        boolean sameSpec = stored.isPresent()
                && stored.get().spec().equals(file.resource().getSpec())
                && before.isPresent()
                && file.path().equals(before.get().path());
        String since = sameSpec ? before.get().commit() : commit.id();
        SourceStatus after = new SourceStatus(since, file.path(), Standing.Synced.name(), null);
        if (sameSpec && !stored.get().edited() && before.get().equals(after)) {
            return Optional.empty();
        }
        return Optional.of(new Accept(file.resource(), after));
    }

    private Optional<Change> undefined(Stored stored) {
        return stored.source().flatMap(before -> {
            Change change = undefined(stored, before);
            boolean nothingNew = !(change instanceof Remove) && change.source().equals(before);
            return nothingNew ? Optional.empty() : Optional.of(change);
        });
    }

    private Change undefined(Stored stored, SourceStatus before) {
        if (parsed.invalid().contains(stored.id()) || parsed.invalidPaths().contains(before.path())) {
            return new Hold(stored.id(), after(before, Standing.Held, Reasons.held(parsed, before.path())));
        }
        if (commit.hides(before.path())) {
            return new Hold(stored.id(), after(before, Standing.Held, Reasons.hidden(before.path())));
        }
        if (stored.spec().deletion() == Deletion.Orphan) {
            return new Orphan(stored.id(), after(before, Standing.Orphaned, Reasons.gone(stored.id(), before.path())));
        }
        return doubt(stored, before.path())
                .<Change>map(why -> new Orphan(
                        stored.id(),
                        after(before, Standing.Orphaned, Reasons.notRemoved(stored.id(), before.path(), why))))
                .orElseGet(() -> new Remove(
                        stored.id(), after(before, Standing.Orphaned, Reasons.removed(stored.id(), before.path()))));
    }

    /**
     * Why an ensemble whose spec says {@code deletion: Delete} is not removed although no file defines it. Removal cannot be
     * taken back, so the spec and the repository must both say so beyond doubt.
     */
    private Optional<String> doubt(Stored stored, String path) {
        if (stored.edited()) {
            return Optional.of("its resource was edited, so that its deletion policy need not be what Git said");
        }
        if (!commit.covers(path)) {
            return Optional.of("its file lay outside of the directory that is read now, \"" + commit.root() + "\"");
        }
        if (parsed.ensembles().isEmpty()) {
            return Optional.of("the commit defines no valid ensemble at all");
        }
        if (!parsed.invalidPaths().isEmpty()) {
            return Optional.of("it may stand in a file that has violations (" + Reasons.some(parsed.invalidPaths())
                    + "), which have to be fixed first");
        }
        return Optional.empty();
    }

    /** The commit and path stay those of the last good spec, since that is what is enforced. */
    private static SourceStatus after(SourceStatus before, Standing standing, String message) {
        return new SourceStatus(before.commit(), before.path(), standing.name(), message);
    }
}
