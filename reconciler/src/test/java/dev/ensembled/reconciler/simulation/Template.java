package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import java.util.Map;

/** What a pod is made from, and what becomes of it. */
record Template(String image, String config, String heap) {
    static final String CANNOT_BE_PULLED = "missing:1";
    static final String FINDS_NO_PEERS = "no peers";
    static final String TOO_SMALL = "1Ki";

    static Template of(EnsembleSpec spec) {
        return new Template(
                spec.image(),
                spec.config().getOrDefault("tuning", ""),
                spec.jvm().heap());
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

    Map<String, String> aspects() {
        return Map.of("image", image, "config", config, "jvm", heap);
    }

    Revision revision() {
        return new Revision(id(), aspects());
    }

    String id() {
        return image + "/" + config + "/" + heap;
    }
}
