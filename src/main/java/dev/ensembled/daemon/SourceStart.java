package dev.ensembled.daemon;

/** Starts the sources once the whole store has been read: a spec must not look new only because it was not read yet. */
final class SourceStart {
    private static final long POLL_MILLIS = 50;
    private final PlatformRuntime runtime;
    private final Sources sources;

    SourceStart(PlatformRuntime runtime, Sources sources) {
        this.runtime = runtime;
        this.sources = sources;
    }

    /** Waits on its own thread; while the runtime is not complete, the daemon is not ready. */
    void begin() {
        Thread thread = new Thread(this::await, "git-source-start");
        thread.setDaemon(true);
        thread.start();
    }

    private void await() {
        try {
            while (!runtime.complete()) {
                Thread.sleep(POLL_MILLIS);
            }
            sources.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
