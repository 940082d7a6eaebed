package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;

/** The texts of {@code status.source.message} for a removal that waits for a confirmation. */
final class RemovalMessages {
    private static final int SHORT_COMMIT = 10;

    private RemovalMessages() {}

    static String several(EnsembleId id, PendingRemoval removal) {
        int others = removal.ensembles() - 1;
        String also = others < 1 ? "" : " and " + others + (others == 1 ? " other ensemble" : " other ensembles");
        return "Commit " + shortened(removal.commit()) + " removes " + id + also + ". " + instructions(id, removal);
    }

    static String otherSource(EnsembleId id, SourceStatus record, Origin origin, PendingRemoval removal) {
        return "It was accepted from " + record.origin() + ", and ensembled now follows " + origin.source()
                + ": commit " + shortened(removal.commit()) + " does not define it. " + instructions(id, removal);
    }

    private static String instructions(EnsembleId id, PendingRemoval removal) {
        String then = removal.deletes()
                ? "it is deleted, because its deletionPolicy is Delete"
                : "it is orphaned, and keeps running";
        return "It keeps running with its last good spec until the removal is confirmed; then " + then
                + ". To keep it, define " + id + " in a file again, for example by a revert of the commit. To confirm:"
                + " ensembled approve " + id.name() + " -n " + id.namespace() + " --removal " + removal.commit()
                + ", or kubectl -n " + id.namespace() + " annotate --overwrite zke " + id.name()
                + " ensembled.dev/confirm-removal=" + removal.commit();
    }

    private static String shortened(String commit) {
        return commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
    }
}
