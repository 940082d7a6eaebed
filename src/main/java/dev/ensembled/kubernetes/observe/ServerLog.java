package dev.ensembled.kubernetes.observe;

import dev.ensembled.kubernetes.client.ThrottledLookup;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
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
 * How much data a server moves that does not serve yet. ZooKeeper does not report it, so {@code start.sh} writes it to the
 * log of its container, every ten seconds for as long as it continues. Read only for a server that has not been ready for a
 * while. Nothing else of the log is kept. Thread-safe.
 */
public final class ServerLog {
    private static final Logger LOG = Logger.getLogger(ServerLog.class);
    private static final Pattern MOVED =
            Pattern.compile("^ensembled: not serving yet, and moves data: ([0-9]{1,18}) bytes", Pattern.MULTILINE);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    /** More than twice the interval at which the script reports it. */
    private static final int RECENT_SECONDS = 25;

    private static final int RECENT_LINES = 500;
    private static final int MOST_BYTES = 512 * 1024;

    private final KubernetesClient client;
    private final Clock clock;
    private final ThrottledLookup<Long> asked;

    public ServerLog(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.asked = new ThrottledLookup<>(clock);
    }

    /** Returns how many bytes the server has moved since its start; empty if it serves, does not run, or moves nothing. */
    Optional<Long> moved(Pod pod, PodPhase phase, Server server) {
        boolean starts = server.isNotServing() || server.isDown();
        return phase.phase() == Phase.RUNNING && starts && isLate(pod)
                ? asked.ask(pod.getMetadata().getUid(), () -> read(pod.getMetadata()))
                : Optional.empty();
    }

    /** Returns the newest number in the log; empty if the log contains none. */
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

    /** Returns empty if the log cannot be read, which is no reason to abort the observation. */
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
            LogEntry.of("cannot read the server log")
                    .with(LogKey.POD, pod.getNamespace() + "/" + pod.getName())
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
            return Optional.empty();
        }
    }
}
