package dev.ensembled.reconciler.accept;

/** How an accepted spec stands to its file; the names are the values of {@code status.source.state}. */
public enum SourceState {
    /** The accepted spec is what the file says. */
    Synced,
    /** The file is invalid or cannot be read; the last good spec is enforced. */
    Held,
    /** The file is gone; the ensemble runs on with its last good spec. */
    Orphaned
}
