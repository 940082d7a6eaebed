package dev.ensembled.kubernetes.observe;

import dev.ensembled.kubernetes.client.ThrottledLookup;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.observed.Instance.Phase;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Explains why a pod does not start where the pod itself does not show the reason: a volume that is not attached or mounted
 * shows only in the pod's Events, and a pod that a quota or an admission webhook refuses only in those of the StatefulSet.
 * They are read on demand, because watching all Events of a cluster costs too much. Thread-safe.
 */
public final class PodEvents {
    private static final Logger LOG = Logger.getLogger(PodEvents.class);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    private static final Set<String> SAY_NOTHING = Set.of("", "Pending", "ContainerCreating", "PodInitializing");

    private final KubernetesClient client;
    private final Clock clock;
    private final ThrottledLookup<Event> newest;

    public PodEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.newest = new ThrottledLookup<>(clock);
    }

    /** Returns the phase of a pod, with the reason from its newest Event if it has no reason itself. */
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

    /**
     * Returns why a pod of a StatefulSet is missing, if its creation was refused.
     *
     * @param since when the pod was first missing
     */
    Optional<String> refusal(StatefulSet set, String pod, Instant since) {
        return clock.instant().isAfter(since.plus(LONG_ENOUGH))
                ? newest.ask(set.getMetadata().getUid() + "/" + pod, () -> refusing(pod, since, ask(set.getMetadata())))
                        .map(event -> event.getReason() + " (" + event.getMessage() + ")")
                : Optional.empty();
    }

    /** Returns the newest Event about this pod; an old one is about a pod that was created in the end. */
    static Optional<Event> refusing(String pod, Instant since, List<Event> events) {
        return events.stream()
                .filter(event -> "FailedCreate".equals(event.getReason()))
                .filter(event -> text(event.getMessage()).contains("Pod " + pod + " "))
                .filter(event -> !at(event).isBefore(since.truncatedTo(ChronoUnit.SECONDS)))
                .max(Comparator.comparing(PodEvents::at));
    }

    /** Returns no Events if they cannot be read: the pod stays unexplained, which is no reason to abort the observation. */
    private List<Event> ask(ObjectMeta object) {
        try {
            return client.v1()
                    .events()
                    .inNamespace(object.getNamespace())
                    .withField("involvedObject.uid", object.getUid())
                    .withField("type", "Warning")
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            LogEntry.of("cannot read events")
                    .with(LogKey.OBJECT, object.getNamespace() + "/" + object.getName())
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
            return List.of();
        }
    }

    /** Returns the newest Event. What prevented the scheduling of a pod does not count once the pod has a node. */
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
