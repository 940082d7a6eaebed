package dev.ensembled.daemon;

import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/** SIGHUP is a hint that there may be a new commit. */
final class FetchSignal {
    private static final Logger LOG = Logger.getLogger(FetchSignal.class);

    private FetchSignal() {}

    /**
     * Listens from now on. The JDK receives signals by a class that is supported but not of its documented API, and whose mere
     * mention is a warning that cannot be silenced; hence by reflection.
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
            LOG.warnf("SIGHUP is not listened to; fetch by POST /api/fetch reason=%s", e);
        }
    }
}
