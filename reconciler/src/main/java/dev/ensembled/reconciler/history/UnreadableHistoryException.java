package dev.ensembled.reconciler.history;

/** A text is not a history that this version can read. */
public final class UnreadableHistoryException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableHistoryException(String message) {
        super(message);
    }
}
