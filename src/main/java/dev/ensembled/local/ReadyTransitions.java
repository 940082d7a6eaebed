package dev.ensembled.local;

import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.reconciler.observed.Server;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The time at which each server last became ready or not ready. A serving server reports the time itself; for a server that
 * stopped serving, it is the time of the first observation that found it so. A process that is started again after a crash
 * does not begin a new time, as a container that is started again does not change the time of its pod. Thread-safe.
 */
final class ReadyTransitions {
    private final Map<String, Instant> notReadySince = new ConcurrentHashMap<>();
    private final Set<String> served = ConcurrentHashMap.newKeySet();

    /**
     * The time at which a server entered its current state.
     *
     * @param slot the name of the server's slot
     */
    Instant of(String slot, ProcessRecord life, Server server, Instant now) {
        String process = slot + "/" + life.uid();
        String revision = slot + "/" + life.revision();
        served.removeIf(other -> isOther(other, slot, process));
        notReadySince.keySet().removeIf(other -> isOther(other, slot, revision));
        if (server.isServing()) {
            served.add(process);
            notReadySince.remove(revision);
            return server.serving().orElseThrow().since();
        }
        return notReadySince.computeIfAbsent(revision, first -> served.contains(process) ? now : life.created());
    }

    /** Whether this process was seen to serve. */
    boolean hasServed(String slot, ProcessRecord life) {
        return served.contains(slot + "/" + life.uid());
    }

    private static boolean isOther(String key, String slot, String current) {
        return key.startsWith(slot + "/") && !key.equals(current);
    }
}
