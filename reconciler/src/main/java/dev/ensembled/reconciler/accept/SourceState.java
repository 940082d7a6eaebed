package dev.ensembled.reconciler.accept;

/** How an accepted spec relates to its file; the names are the values of {@code status.source.state}. */
public enum SourceState {
    /** The accepted spec is what the file says. */
    Synced,
    /** The file is invalid or cannot be read; the last good spec stays in force. */
    Held,
    /** The file is gone, and a person has to confirm that; until then, the last good spec stays in force. */
    RemovalPending,
    /** The file is gone; the ensemble keeps running with its last good spec. */
    Orphaned
}
