package dev.ensembled.e2e.harness;

/** Sleep in a loop that ends when its thread is interrupted. */
final class Pause {
    private Pause() {}

    /** False if the thread was interrupted: the loop ends. */
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
