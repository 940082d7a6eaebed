package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Map;

/**
 * What a pod is made from, and what becomes of it.
 *
 * @param version of ZooKeeper that the image is said to have
 * @param password of the super user that its server knows: the first, the second...
 */
record Template(String version, String image, String config, String heap, int password) {
    static final Template NONE = new Template("", "", "", "", 0);
    static final String CANNOT_BE_PULLED = "missing:1";
    static final String FINDS_NO_PEERS = "no peers";
    static final String REFUSES_CLIENTS = "refuses";
    static final String REFUSES_WRITES = "refuses when it leads";
    static final String TOO_SMALL = "1Ki";
    static final String LIES = "liar:1";

    static Template of(EnsembleSpec spec) {
        return new Template(
                spec.version(),
                spec.image(),
                spec.config().getOrDefault("tuning", ""),
                spec.jvm().heap(),
                spec.credentials().rotation());
    }

    /** Somebody else's edit. */
    Template edited() {
        return new Template(version, "edited:1", config, heap, password);
    }

    boolean starts() {
        return !image.equals(CANNOT_BE_PULLED);
    }

    boolean findsPeers() {
        return !config.equals(FINDS_NO_PEERS);
    }

    boolean stays() {
        return !heap.equals(TOO_SMALL);
    }

    boolean good() {
        return starts() && findsPeers() && stays();
    }

    /** Whether its server takes the sanity test; it serves its peers and says so in any case. */
    boolean takesClients() {
        return !config.equals(REFUSES_CLIENTS);
    }

    boolean takesWritesAsLeader() {
        return !config.equals(REFUSES_WRITES);
    }

    boolean provable() {
        return takesClients() && takesWritesAsLeader();
    }

    /** The version that its server tells. */
    String runs() {
        return image.equals(LIES) ? "3.9.9" : version;
    }

    Map<String, String> aspects() {
        return Map.of(
                "image", image + "/" + version, "config", config, "jvm", heap, "credentials", String.valueOf(password));
    }

    Revision revision() {
        return new Revision(id(), aspects());
    }

    String id() {
        return version + "/" + image + "/" + config + "/" + heap + "/" + password;
    }
}
