package dev.ensembled.leadership;

import java.util.Optional;

/** The only process that acts in its place, which something else ensures: on the local platform, the lock of the directory. */
public final class Alone implements Leadership {
    private volatile boolean closed;

    @Override
    public void start(Listener listener) {
        listener.leads();
    }

    @Override
    public boolean isLeading() {
        return true;
    }

    @Override
    public Optional<String> leader() {
        return Optional.empty();
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public Optional<String> refusal() {
        return closed ? Optional.of("the daemon is stopping") : Optional.empty();
    }

    /** There is no other replica. */
    @Override
    public void pass(Hint hint) {}

    @Override
    public void close(boolean atRest) {
        closed = true;
    }
}
