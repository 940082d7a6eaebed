package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.Objects;

/**
 * Where a commit comes from, and which installation follows it. It is recorded with each ensemble, because the absence
 * of an ensemble from a source means nothing if the ensemble came from another source.
 *
 * @param source the repository, directory and branch in one line; contains no secret, and stays the same when
 *     credentials change
 * @param installation the installation, under a name that it keeps over restarts and that no other installation on the
 *     same store has
 */
public record Origin(String source, String installation) {
    public Origin {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(installation, "installation");
    }

    /** Whether this is the recorded source. */
    boolean isOf(SourceStatus record) {
        return source.equals(record.origin());
    }

    /**
     * Whether the ensemble belongs to another installation. An ensemble that our installation accepted from another
     * source is ours: the installation was reconfigured to follow this source instead.
     */
    public boolean isOfAnother(SourceStatus record) {
        return record.origin() != null && !isOf(record) && !installation.equals(record.installation());
    }
}
