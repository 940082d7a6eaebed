package dev.ensembled.cli;

/** A command cannot be carried out; the message says why, and what to do. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandFailedException(String message) {
        super(message);
    }
}
