package dev.ensembled.daemon;

import sun.misc.Signal;

/** SIGHUP is a hint that there may be a new commit. */
final class FetchSignal {
    private FetchSignal() {}

    /** Listens from now on; the JDK has no other way to receive a signal than this class of its own. */
    @SuppressWarnings("sunapi")
    static void listen(Runnable fetch) {
        Signal.handle(new Signal("HUP"), signal -> fetch.run());
    }
}
