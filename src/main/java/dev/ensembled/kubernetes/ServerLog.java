package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Server;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * How much data a server moves that does not serve yet. ZooKeeper tells nobody, so {@code start.sh} says it in the log of its
 * container, every ten seconds for as long as it goes on. Read only of a server that has not been ready for a while.
 * Nothing else of the log is kept. Thread-safe.
 */
final class ServerLog {
    private static final Logger LOG = Logger.getLogger(ServerLog.class);
    private static final Pattern MOVED =
            Pattern.compile("^ensembled: not serving yet, and moves data: ([0-9]{1,18}) bytes", Pattern.MULTILINE);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    /** More than twice as long as the script waits before it says it again. */
    private static final int RECENT_SECONDS = 25;

    private static final int RECENT_LINES = 500;
    private static final int MOST_BYTES = 512 * 1024;

    private final KubernetesClient client;
    private final Clock clock;
    private final ThrottledLookup<Long> asked;

    ServerLog(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.asked = new ThrottledLookup<>(clock);
    }

    /** How many bytes it has moved since it was started; empty if it serves, does not run, or moves nothing. */
    Optional<Long> moved(Pod pod, PodPhase phase, Server server) {
        boolean starts = server instanceof Server.NotServing || server instanceof Server.Down;
        return phase.phase() == Phase.RUNNING && starts && isLate(pod)
                ? asked.ask(pod.getMetadata().getUid(), () -> read(pod.getMetadata()))
                : Optional.empty();
    }

    /** The newest that it says; empty if it says nothing of the kind. */
    static Optional<Long> moved(String log) {
        Matcher said = MOVED.matcher(log);
        Optional<Long> newest = Optional.empty();
        while (said.find()) {
            newest = Optional.of(Long.valueOf(said.group(1)));
        }
        return newest;
    }

    private boolean isLate(Pod pod) {
        return PodPhase.readiness(pod)
                .filter(condition -> condition.getStatus().equals("False"))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .filter(unready -> clock.instant().isAfter(unready.plus(LONG_ENOUGH)))
                .isPresent();
    }

    /** What cannot be read says nothing, which is no reason to end the look. */
    private Optional<Long> read(ObjectMeta pod) {
        try {
            return moved(client.pods()
                    .inNamespace(pod.getNamespace())
                    .withName(pod.getName())
                    .inContainer(PodPhase.SERVER)
                    .limitBytes(MOST_BYTES)
                    .sinceSeconds(RECENT_SECONDS)
                    .tailingLines(RECENT_LINES)
                    .getLog());
        } catch (KubernetesClientException e) {
            LOG.warnf(
                    "log of a server cannot be read pod=%s/%s cause=%s",
                    pod.getNamespace(), pod.getName(), e.getMessage());
            return Optional.empty();
        }
    }
}
