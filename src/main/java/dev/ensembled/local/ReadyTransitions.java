package dev.ensembled.local;

import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.reconciler.observed.Server;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The time at which each server last became ready or not ready. A serving server reports the time itself; for a server that
 * stopped serving, it is the time of the first observation that found it so. Thread-safe.
 */
final class ReadyTransitions {
    private final Map<String, Instant> notReadySince = new ConcurrentHashMap<>();
    private final Map<String, Boolean> served = new ConcurrentHashMap<>();

    /**
     * The time at which a server entered its current state.
     *
     * @param slot the name of the server's slot
     */
    Instant of(String slot, ProcessRecord life, Server server, Instant now) {
        String key = slot + "/" + life.uid();
        if (server.isServing()) {
            served.put(key, true);
            notReadySince.remove(key);
            return server.serving().orElseThrow().since();
        }
        forgetOthers(slot, key);
        return notReadySince.computeIfAbsent(key, first -> served.containsKey(key) ? now : life.created());
    }

    private void forgetOthers(String slot, String key) {
        served.keySet().removeIf(other -> other.startsWith(slot + "/") && !other.equals(key));
        notReadySince.keySet().removeIf(other -> other.startsWith(slot + "/") && !other.equals(key));
    }
}
