package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.observed.Instance.Phase;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Tells why a pod does not start where the pod itself does not: a volume that is not attached or mounted shows only in its
 * Events. They are asked for, since to watch all Events of a cluster costs too much. Thread-safe.
 */
final class PodEvents {
    private static final Logger LOG = Logger.getLogger(PodEvents.class);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    private static final Set<String> SAY_NOTHING = Set.of("", "Pending", "ContainerCreating", "PodInitializing");

    private final KubernetesClient client;
    private final Clock clock;
    private final Seldom<Event> newest;

    PodEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.newest = new Seldom<>(clock);
    }

    /** The phase of a pod, with the reason that its newest Event gives if it has none itself. */
    PodPhase explained(Pod pod, PodPhase phase) {
        Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        boolean unexplained = phase.phase() == Phase.PENDING
                && SAY_NOTHING.contains(phase.reason())
                && clock.instant().isAfter(created.plus(LONG_ENOUGH));
        return unexplained
                ? newest.ask(pod.getMetadata().getUid(), () -> telling(pod, ask(pod.getMetadata())))
                        .map(event -> new PodPhase(phase.phase(), event.getReason(), text(event.getMessage())))
                        .orElse(phase)
                : phase;
    }

    /** What cannot be read leaves the pod unexplained, which is no reason to end the look. */
    private List<Event> ask(ObjectMeta pod) {
        try {
            return client.v1()
                    .events()
                    .inNamespace(pod.getNamespace())
                    .withField("involvedObject.uid", pod.getUid())
                    .withField("type", "Warning")
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            LOG.warnf(
                    "events of a pod cannot be read pod=%s/%s cause=%s",
                    pod.getNamespace(), pod.getName(), e.getMessage());
            return List.of();
        }
    }

    /** The newest. What kept a pod from a node does not keep one that has a node. */
    static Optional<Event> telling(Pod pod, List<Event> events) {
        boolean hasNode = pod.getSpec().getNodeName() != null;
        return events.stream()
                .filter(event -> event.getReason() != null)
                .filter(event -> !hasNode || !event.getReason().equals("FailedScheduling"))
                .max(Comparator.comparing(PodEvents::at));
    }

    private static Instant at(Event event) {
        String micro =
                event.getEventTime() == null ? null : event.getEventTime().getTime();
        return Stream.of(event.getLastTimestamp(), micro, event.getFirstTimestamp())
                .filter(time -> time != null && !time.isEmpty())
                .findFirst()
                .map(Instant::parse)
                .orElse(Instant.MIN);
    }

    private static String text(String message) {
        return message == null ? "" : message;
    }
}
