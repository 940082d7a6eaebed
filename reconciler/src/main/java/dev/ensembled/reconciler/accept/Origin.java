package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import java.util.Objects;

/**
 * Where a commit comes from, and who follows it. It is put on record with each ensemble, since what a source does not define
 * says nothing of an ensemble that came from another one.
 *
 * @param source the repository, directory and branch in one line; contains no secret, and stays the same when credentials
 *     change
 * @param installation the daemon, under a name that it keeps over restarts and that no other daemon on the same store has
 */
public record Origin(String source, String installation) {
    public Origin {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(installation, "installation");
    }

    /** Whether that is the source on record. */
    boolean isOf(SourceStatus record) {
        return source.equals(record.origin());
    }

    /**
     * Whether that ensemble is another daemon's. An ensemble from another source that our installation accepted is ours: we
     * were configured to follow this source instead.
     */
    public boolean isOfAnother(SourceStatus record) {
        return record.origin() != null && !isOf(record) && !installation.equals(record.installation());
    }
}
