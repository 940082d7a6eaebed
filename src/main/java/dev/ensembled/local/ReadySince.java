package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Server;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when each server is ready or not. A server that serves says so itself; when one stopped serving is remembered
 * from the first look that saw it. Thread-safe.
 */
final class ReadySince {
    private final Map<String, Instant> notReadySince = new ConcurrentHashMap<>();
    private final Map<String, Boolean> served = new ConcurrentHashMap<>();

    /**
     * Since when a server is as it is.
     *
     * @param slot names the place of the server
     */
    Instant of(String slot, ProcessRecord life, Server server, Instant now) {
        String key = slot + "/" + life.uid();
        if (server instanceof Server.Serving serving) {
            served.put(key, true);
            notReadySince.remove(key);
            return serving.since();
        }
        forgetOthers(slot, key);
        return notReadySince.computeIfAbsent(key, first -> served.containsKey(key) ? now : life.created());
    }

    private void forgetOthers(String slot, String key) {
        served.keySet().removeIf(other -> other.startsWith(slot + "/") && !other.equals(key));
        notReadySince.keySet().removeIf(other -> other.startsWith(slot + "/") && !other.equals(key));
    }
}
