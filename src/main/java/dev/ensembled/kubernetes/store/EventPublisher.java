package dev.ensembled.kubernetes.store;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Publishes Kubernetes Events of the resource. An event that repeats within the hour for which Kubernetes keeps Events is
 * counted in the first one. Thread-safe; an Event that cannot be written is logged and lost.
 */
final class EventPublisher {
    private static final Logger LOG = Logger.getLogger(EventPublisher.class);
    private static final Duration KEPT = Duration.ofMinutes(50);
    private static final int REMEMBERED = 1000;
    private static final String COMPONENT = "ensembled";

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<Key, Published> recent = new LinkedHashMap<>();

    EventPublisher(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    private record Key(String uid, EnsembleEvent event) {}

    private record Published(String name, int count, Instant first) {}

    synchronized void publish(GenericKubernetesResource about, EnsembleEvent event) {
        Key key = new Key(about.getMetadata().getUid(), event);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        recent.values().removeIf(published -> published.first().isBefore(now.minus(KEPT)));
        EnsembleId id = StoredResource.id(about);
        try {
            Published before = recent.get(key);
            recent.put(key, before == null ? create(id, about, event, now) : repeat(id, before, now));
        } catch (KubernetesClientException e) {
            recent.remove(key);
            LogEntry.of("cannot publish the event")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.EVENT, event.reason())
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
        }
        recent.keySet().stream()
                .limit(Math.max(0, recent.size() - REMEMBERED))
                .toList()
                .forEach(recent::remove);
    }

    private Published create(EnsembleId id, GenericKubernetesResource about, EnsembleEvent event, Instant now) {
        Event created = client.v1()
                .events()
                .inNamespace(id.namespace())
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withNamespace(id.namespace())
                        .withGenerateName(id.name() + ".")
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withNamespace(id.namespace())
                        .withName(id.name())
                        .withUid(about.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType(event.warning() ? "Warning" : "Normal")
                        .withReason(event.reason())
                        .withMessage(event.message())
                        .withNewSource()
                        .withComponent(COMPONENT)
                        .endSource()
                        .withReportingComponent(COMPONENT)
                        .withFirstTimestamp(now.toString())
                        .withLastTimestamp(now.toString())
                        .withCount(1)
                        .build())
                .create();
        return new Published(created.getMetadata().getName(), 1, now);
    }

    private Published repeat(EnsembleId id, Published before, Instant now) {
        int count = before.count() + 1;
        client.v1()
                .events()
                .inNamespace(id.namespace())
                .withName(before.name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"count\":" + count + ",\"lastTimestamp\":\"" + now + "\"}");
        return new Published(before.name(), count, before.first());
    }
}
