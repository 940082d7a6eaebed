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
                ? "Its container took more memory than its limit. The JVM takes more than its heap, which is "
                        + spec.jvm().heap() + ": raise resources.limits.memory of the container zookeeper in"
                        + " spec.podTemplate, or remove resources there, so that the limit follows spec.jvm.heap"
                : "Its data does not fit into its heap, which is " + spec.jvm().heap()
                        + ": raise spec.jvm.heap, and push; the members that ended get it first. Nothing is lost";
    }

    /**
     * Describes a shortage of connections. The four-letter words that read a server's state count like connections of
     * any client.
     */
    static String ofConnections(Situation situation) {
        Map<String, String> config = situation.desired().spec().config();
        String limit = config.getOrDefault("maxClientCnxns", DEFAULT_CONNECTIONS_PER_ADDRESS);
        return ". Most likely a limit of connections is used up: maxClientCnxns, which is " + limit
                + " of one client address, where clients behind the same address count together"
                + (config.containsKey("maxCnxns")
                        ? "; or maxCnxns, which is " + config.get("maxCnxns") + " of all clients"
                        : "")
                + ". Its log then says \"Too many connections\" and of which address. Have clients close connections"
                + ", or stop some; a higher limit in spec.config takes effect by a restart, after that";
    }
}
