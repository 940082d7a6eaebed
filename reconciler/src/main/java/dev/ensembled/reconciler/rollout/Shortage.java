package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Map;

/** Describes what a server has too little of, by the field that gives it more. */
final class Shortage {
    /** ZooKeeper's own default, for one client address. */
    private static final String DEFAULT_CONNECTIONS_PER_ADDRESS = "60";

    private Shortage() {}

    /** Describes a shortage of memory: the heap, or the limit of the container. */
    static String of(Situation situation, Member member) {
        EnsembleSpec spec = situation.desired().spec();
        boolean killed = member.instance()
                .filter(instance -> instance.problem() == Problem.MEMORY_LIMIT)
                .isPresent();
        return killed
                ? "Its container used more memory than its limit. The JVM needs more than its heap ("
                        + spec.jvm().heap() + "): raise resources.limits.memory of the container zookeeper in"
                        + " spec.podTemplate, or remove resources there, so that the limit follows spec.jvm.heap"
                : "Its data does not fit into its heap ("
                        + spec.jvm().heap()
                        + "): raise spec.jvm.heap and push; members that ended get the larger heap first. No data is"
                        + " lost";
    }

    /**
     * Describes a shortage of connections. The four-letter words that read a server's state count like connections of
     * any client.
     */
    static String ofConnections(Situation situation) {
        Map<String, String> config = situation.desired().spec().config();
        String limit = config.getOrDefault("maxClientCnxns", DEFAULT_CONNECTIONS_PER_ADDRESS);
        return ". A connection limit is probably used up: maxClientCnxns (" + limit
                + " per client address; clients behind one address share it)"
                + (config.containsKey("maxCnxns")
                        ? " or maxCnxns (" + config.get("maxCnxns") + " for all clients)"
                        : "")
                + ". The server's log then has \"Too many connections\" and the client's address. Make clients close"
                + " connections, or stop some clients; a higher limit in spec.config takes effect only at the next"
                + " restart";
    }
}
