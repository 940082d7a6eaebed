package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Map;

/**
 * A pod template, and how a pod that is created from it behaves.
 *
 * @param version of ZooKeeper, by the spec
 * @param password the number of the super user's password that the server has: 0 is the first
 */
public record ModelTemplate(String version, String image, String config, String heap, int password) {
    static final ModelTemplate NONE = new ModelTemplate("", "", "", "", 0);
    static final String UNPULLABLE_IMAGE = "missing:1";
    static final String CONFIG_WITHOUT_PEERS = "no peers";
    static final String CONFIG_REFUSING_CLIENTS = "refuses";
    static final String CONFIG_REFUSING_WRITES = "refuses when it leads";
    static final String HEAP_TOO_SMALL = "1Ki";
    public static final String MISLABELED_IMAGE = "liar:1";

    public static ModelTemplate of(EnsembleSpec spec) {
        return new ModelTemplate(
                spec.version(),
                spec.image(),
                spec.config().getOrDefault("tuning", ""),
                spec.jvm().heap(),
                spec.credentials().rotation());
    }

    /** The template after an edit by another client. */
    ModelTemplate edited() {
        return new ModelTemplate(version, "edited:1", config, heap, password);
    }

    public boolean canStart() {
        return !image.equals(UNPULLABLE_IMAGE);
    }

    boolean canReachPeers() {
        return !config.equals(CONFIG_WITHOUT_PEERS);
    }

    public boolean keepsRunning() {
        return !heap.equals(HEAP_TOO_SMALL);
    }

    public boolean isGood() {
        return canStart() && canReachPeers() && keepsRunning();
    }

    /** Whether the server accepts the sanity test; it serves and reports so in any case. */
    public boolean acceptsClients() {
        return !config.equals(CONFIG_REFUSING_CLIENTS);
    }

    public boolean acceptsWritesAsLeader() {
        return !config.equals(CONFIG_REFUSING_WRITES);
    }

    public boolean passesSanityTest() {
        return acceptsClients() && acceptsWritesAsLeader();
    }

    /** The version that the server reports. */
    public String reportedVersion() {
        return image.equals(MISLABELED_IMAGE) ? "3.9.9" : version;
    }

    Map<String, String> aspects() {
        return Map.of(
                "image", image + "/" + version, "config", config, "jvm", heap, "credentials", String.valueOf(password));
    }

    public Revision revision() {
        return new Revision(id(), aspects());
    }

    public String id() {
        return version + "/" + image + "/" + config + "/" + heap + "/" + password;
    }
}
