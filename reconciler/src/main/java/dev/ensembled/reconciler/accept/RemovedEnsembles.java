package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.accept.Change.Hold;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what happens to an ensemble that no valid file defines. The first rule that applies decides:
 *
 * <ol>
 *   <li>nothing, if it did not come from a Git source, or belongs to another source or installation;
 *   <li>held, if a source accepted it that the installation does not follow any longer, and this source may touch its
 *       namespace;
 *   <li>held, if a refused document names it, or its file has violations or cannot be read;
 *   <li>orphaned, if it came from another source than this one;
 *   <li>held, if its file exists and has content, but defines no ensemble;
 *   <li>held, if its spec says {@code deletionPolicy: Delete} and the commit defines it under another name instead;
 *   <li>orphaned, if its spec does not say {@code deletionPolicy: Delete}, or if there is a {@link #reasonNotToRemove
 *       reason not to remove it};
 *   <li>removed.
 * </ol>
 */
final class RemovedEnsembles {
    private final Commit commit;
    private final ParsedCommit parsed;
    private final Map<EnsembleId, Found> found;
    private final Map<EnsembleId, StoredEnsemble> known;

    /**
     * The decision about one ensemble.
     *
     * @param because the violation of the commit, if that is the reason and the file by itself has no violation
     * @param renamed the ensemble that is not accepted either for that reason
     */
    record Verdict(Change change, Optional<Violation> because, Optional<EnsembleId> renamed) {
        static Verdict of(Change change) {
            return new Verdict(change, Optional.empty(), Optional.empty());
        }

        private static Verdict held(EnsembleId id, SourceStatus before, Violation why) {
            return new Verdict(
                    new Hold(id, before.with(SourceState.Held.name(), SourceMessages.held(why))),
                    Optional.of(why),
                    Optional.empty());
        }

        /** Returns a verdict that holds the ensemble instead. */
        Verdict held(Violation why) {
            return held(change.id(), change.source(), why);
        }

        private Verdict renamed(EnsembleId other) {
            return new Verdict(change, because, Optional.of(other));
        }
    }

    RemovedEnsembles(
            Commit commit, ParsedCommit parsed, Map<EnsembleId, Found> found, Map<EnsembleId, StoredEnsemble> known) {
        this.commit = commit;
        this.parsed = parsed;
        this.found = found;
        this.known = known;
    }

    Optional<Verdict> of(StoredEnsemble stored) {
        return stored.source()
                .filter(before -> !commit.origin().isOfAnother(before))
                .flatMap(before -> commit.origin().isReleased(before)
                        ? released(stored, before)
                        : Optional.of(verdict(stored, before)));
    }

    /** Every source decides the same, so that their order does not matter. */
    private Optional<Verdict> released(StoredEnsemble stored, SourceStatus before) {
        return commit.context().mayTouch(stored.id())
                        && !SourceState.Orphaned.name().equals(before.state())
                ? Optional.of(hold(stored, before, SourceMessages.released(stored.id(), before)))
                : Optional.empty();
    }

    private Verdict verdict(StoredEnsemble stored, SourceStatus before) {
        boolean otherSource = before.origin() != null && !commit.origin().isOf(before);
        if (parsed.invalid().contains(stored.id())
                || (!otherSource && parsed.invalidPaths().contains(before.path()))) {
            return hold(stored, before, SourceMessages.held(parsed, before.path()));
        }
        if (otherSource) {
            return orphan(stored, before, SourceMessages.otherSource(stored.id(), before, commit.origin()));
        }
        if (commit.isUnread(before.path())) {
            return hold(stored, before, SourceMessages.hidden(before.path()));
        }
        return noEnsemble(stored, before)
                .or(() -> renamed(stored, before))
                .orElseGet(() -> noLongerDefined(stored, before));
    }

    /**
     * The file exists, but its content is no ensemble: for example a Git LFS pointer, an encrypted text, a template or
     * a list.
     */
    private Optional<Verdict> noEnsemble(StoredEnsemble stored, SourceStatus before) {
        String path = before.path();
        boolean hasContent = parsed.files().getOrDefault(path, false);
        boolean defines = parsed.ensembles().stream().anyMatch(one -> one.path().equals(path));
        return hasContent && !defines
                ? Optional.of(Verdict.held(
                        stored.id(), before, new Violation(path, 1, 1, "", SourceMessages.noEnsemble(stored.id()))))
                : Optional.empty();
    }

    private Optional<Verdict> renamed(StoredEnsemble stored, SourceStatus before) {
        if (stored.spec().deletionPolicy() != DeletionPolicy.Delete) {
            return Optional.empty();
        }
        return found.values().stream()
                .filter(one -> one.path().equals(before.path())
                        || one.id().name().equals(stored.id().name()))
                .filter(one -> isNew(one.id()))
                .findFirst()
                .map(one -> Verdict.held(
                                stored.id(),
                                before,
                                new Violation(
                                        one.path(),
                                        1,
                                        1,
                                        "metadata",
                                        SourceMessages.renamed(stored.id(), before.path(), one.id())))
                        .renamed(one.id()));
    }

    private boolean isNew(EnsembleId id) {
        return Optional.ofNullable(known.get(id))
                .flatMap(StoredEnsemble::source)
                .filter(source -> commit.origin().isOf(source)
                        && !SourceState.Orphaned.name().equals(source.state()))
                .isEmpty();
    }

    private Verdict noLongerDefined(StoredEnsemble stored, SourceStatus before) {
        String path = before.path();
        if (stored.spec().deletionPolicy() == DeletionPolicy.Orphan) {
            return orphan(stored, before, SourceMessages.noLongerDefined(stored.id(), path));
        }
        return reasonNotToRemove(stored, before)
                .map(why -> orphan(stored, before, SourceMessages.notRemoved(stored.id(), path, why)))
                .orElseGet(() -> Verdict.of(new Remove(
                        stored.id(),
                        before.with(SourceState.Orphaned.name(), SourceMessages.removed(stored.id(), path)))));
    }

    /**
     * Returns why an ensemble whose spec says {@code deletionPolicy: Delete} is not removed although no file defines
     * it; empty if it may be removed. A removal cannot be undone, so both the spec and the repository must ask for it
     * beyond doubt.
     */
    private Optional<String> reasonNotToRemove(StoredEnsemble stored, SourceStatus before) {
        if (stored.edited()) {
            return Optional.of("its resource was edited, so its deletion policy may differ from the one in Git");
        }
        if (before.origin() == null) {
            return Optional.of(
                    "its status records no source, since an older version of ensembled accepted it, so it may not come from "
                            + commit.origin().source());
        }
        if (!commit.context().mayTouch(stored.id())) {
            return Optional.of("the source " + commit.origin().name() + " may not touch the namespace "
                    + stored.id().namespace());
        }
        Optional<Definition> elsewhere = commit.context().elsewhere(stored.id());
        if (elsewhere.isPresent()) {
            return Optional.of("another source defines it (" + elsewhere.get() + ")");
        }
        if (!parsed.files().getOrDefault(before.path(), true)) {
            return Optional.of("the file is empty, and still in the repository");
        }
        if (parsed.ensembles().isEmpty()) {
            return Optional.of("the commit defines no valid ensemble");
        }
        if (!parsed.invalidPaths().isEmpty()) {
            return Optional.of("a file with violations may define it (" + SourceMessages.some(parsed.invalidPaths())
                    + "); fix the violations first");
        }
        return Optional.empty();
    }

    private static Verdict hold(StoredEnsemble stored, SourceStatus before, String why) {
        return Verdict.of(new Hold(stored.id(), before.with(SourceState.Held.name(), why)));
    }

    /** The commit and path stay those of the last good spec, because that spec is enforced. */
    private static Verdict orphan(StoredEnsemble stored, SourceStatus before, String why) {
        return Verdict.of(new Orphan(stored.id(), before.with(SourceState.Orphaned.name(), why)));
    }
}
