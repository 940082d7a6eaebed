package dev.ensembled.daemon;

import dev.ensembled.git.GitSource;

/** Starts the Git source once the whole store has been read: a spec must not look new only because it was not read yet. */
final class SourceStart {
    private static final long POLL_MILLIS = 50;
    private final PlatformRuntime runtime;
    private final GitSource git;

    SourceStart(PlatformRuntime runtime, GitSource git) {
        this.runtime = runtime;
        this.git = git;
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
            git.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
