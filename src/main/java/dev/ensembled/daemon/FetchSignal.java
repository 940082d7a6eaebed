package dev.ensembled.daemon;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/** Handles SIGHUP as a hint that there may be a new commit. */
final class FetchSignal {
    private static final Logger LOG = Logger.getLogger(FetchSignal.class);

    private FetchSignal() {}

    /**
     * Listens from now on. The JDK handles signals in a class that is supported but not part of its documented API, and any
     * reference to it causes a compiler warning that cannot be suppressed; hence the reflection.
     */
    static void listen(Runnable fetch) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object relay = Proxy.newProxyInstance(
                    FetchSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        fetch.run();
                        return null;
                    });
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, relay);
        } catch (ReflectiveOperationException e) {
            LogEntry.of("SIGHUP handler not registered; use POST /api/fetch to request a fetch")
                    .with(LogKey.REASON, e)
                    .warn(LOG);
        }
    }
}
