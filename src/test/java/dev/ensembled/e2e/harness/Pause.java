package dev.ensembled.e2e.harness;

/** A sleep for loops that end when their thread is interrupted. */
final class Pause {
    private Pause() {}

    /** Returns false if the thread was interrupted: the loop ends. */
    static boolean millis(int millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
