package dev.ensembled.reconciler.spec;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The spec of a {@link ZooKeeperEnsemble}. Absent optional parts are replaced by their defaults, so that a reader never
 * meets null.
 */
public record EnsembleSpec(
        String version,
        String image,
        Integer voters,
        Integer observers,
        Map<String, String> config,
        Jvm jvm,
        Storage storage,
        PodTemplateSpec podTemplate,
        Placement placement,
        Budget budget,
        Rollout rollout,
        Deletion deletion) {

    public EnsembleSpec {
        image = Objects.requireNonNullElse(image, "docker.io/library/zookeeper:" + version);
        observers = Objects.requireNonNullElse(observers, 0);
        config = config == null ? Map.of() : Map.copyOf(config);
        jvm = Objects.requireNonNullElse(jvm, new Jvm(null, null));
        storage = Objects.requireNonNullElse(storage, new Storage(null, null, null, null));
        podTemplate = Objects.requireNonNullElseGet(podTemplate, PodTemplateSpec::new);
        placement = Objects.requireNonNullElse(placement, new Placement(null, null));
        budget = Objects.requireNonNullElse(budget, new Budget(null));
        rollout = Objects.requireNonNullElse(rollout, new Rollout(null, null, null, null, null));
        deletion = Objects.requireNonNullElse(deletion, Deletion.Orphan);
    }

    /** Servers in all: voters and observers. */
    public int servers() {
        return voters + observers;
    }

    /** What happens to the ensemble when its file leaves the repository, or its resource the cluster. */
    public enum Deletion {
        Orphan,
        Delete
    }

    public record Jvm(String heap, List<String> options) {
        public Jvm {
            heap = Objects.requireNonNullElse(heap, "512Mi");
            options = options == null ? List.of() : List.copyOf(options);
        }
    }

    /** The volumes of each server; {@code log} puts the transaction log on a volume of its own. */
    public record Storage(String size, String storageClassName, Log log, Deletion deletion) {
        public Storage {
            size = Objects.requireNonNullElse(size, "10Gi");
            deletion = Objects.requireNonNullElse(deletion, Deletion.Orphan);
        }

        public record Log(String size, String storageClassName) {}
    }

    public record Placement(List<String> spreadBy, Boolean required) {
        public Placement {
            spreadBy = spreadBy == null
                    ? List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")
                    : List.copyOf(spreadBy);
            required = Objects.requireNonNullElse(required, false);
        }
    }

    public record Budget(Integer maxUnavailable) {
        public Budget {
            maxUnavailable = Objects.requireNonNullElse(maxUnavailable, 1);
        }
    }

    /**
     * How a change reaches the servers.
     *
     * @param settle how long a restarted member has to hold its state before the next one is touched
     * @param memberTimeout after which a member that is not back stalls the ensemble
     */
    public record Rollout(
            Boolean paused, Duration settle, Duration memberTimeout, List<String> windows, Boolean handOffLeader) {
        public Rollout {
            paused = Objects.requireNonNullElse(paused, false);
            settle = Objects.requireNonNullElse(settle, Duration.ofSeconds(5));
            memberTimeout = Objects.requireNonNullElse(memberTimeout, Duration.ofMinutes(5));
            windows = windows == null ? List.of() : List.copyOf(windows);
            handOffLeader = Objects.requireNonNullElse(handOffLeader, false);
        }
    }
}
