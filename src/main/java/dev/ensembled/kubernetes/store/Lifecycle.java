package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.validation.Policy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Handles what the resources need in addition to the rollout of their specs. For each resource that changes, on a single
 * separate thread:
 *
 * <ol>
 *   <li>it is being deleted: tear its ensemble down if that is wanted, then remove the finalizer;
 *   <li>it breaks our rules: report that in its status, and do nothing else;
 *   <li>otherwise: keep a finalizer exactly while its spec says {@code deletionPolicy: Delete}.
 * </ol>
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final int AGAIN_SECONDS = 2;

    private final Resources resources;
    private final StoredResource reader;
    private final Teardown teardown;
    private final boolean git;
    private final Clock clock;
    private volatile boolean started;
    private final Set<EnsembleId> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "resource-lifecycle");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Creates an instance that does nothing until it is started.
     *
     * @param git whether ensembled has a Git source, which restores what was deleted by hand
     * @param policy what the installation allows ensembles to do
     */
    public Lifecycle(KubernetesClient client, ClusterCache cache, boolean git, Policy policy, Clock clock) {
        this.resources = new Resources(client, cache.resources());
        this.reader = new StoredResource(client.getKubernetesSerialization(), policy);
        this.teardown = new Teardown(client);
        this.git = git;
        this.clock = clock;
        cache.addListener(id -> {
            if (started) {
                later(id, 0);
            }
        });
    }

    /** Begins with all resources, and continues with each that changes. */
    public void start() {
        started = true;
        resources.ids().forEach(id -> later(id, 0));
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    static boolean saysDelete(GenericKubernetesResource resource) {
        return "Delete".equals(spec(resource).path("deletionPolicy").asText());
    }

    static boolean saysDeleteVolumes(GenericKubernetesResource resource) {
        return "Delete"
                .equals(spec(resource).path("storage").path("deletionPolicy").asText());
    }

    private static JsonNode spec(GenericKubernetesResource resource) {
        return CanonicalJson.tree(resource.getAdditionalProperties()).path("spec");
    }

    private void later(EnsembleId id, int seconds) {
        if (waiting.add(id)) {
            try {
                // The task handles its own failures: there is nothing to wait for.
                var unused = worker.schedule(() -> process(id), seconds, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                LogEntry.of("already closed").with(LogKey.ENSEMBLE, id).debug(LOG);
            }
        }
    }

    private void process(EnsembleId id) {
        waiting.remove(id);
        try {
            Optional<GenericKubernetesResource> resource = resources.get(id);
            if (resource.isPresent() && !process(id, resource.get())) {
                later(id, AGAIN_SECONDS);
            }
        } catch (ChangedMeanwhileException e) {
            later(id, AGAIN_SECONDS);
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            boolean outdated = failure.isConflict() || failure.notFound();
            LogEntry.of(
                            outdated
                                    ? "the resource changed since it was read, reading it again"
                                    : "processing the resource failed, retrying")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.REASON, failure.message())
                    .log(LOG, outdated ? Logger.Level.DEBUG : Logger.Level.WARN, null);
            later(id, AGAIN_SECONDS);
        } catch (RuntimeException e) {
            // This thread serves all ensembles: a failure of one of them must not end it.
            LogEntry.of("processing the resource failed")
                    .with(LogKey.ENSEMBLE, id)
                    .log(LOG, Logger.Level.ERROR, e);
        }
    }

    /** Handles one resource once; returns false if it must be handled again. */
    private boolean process(EnsembleId id, GenericKubernetesResource resource) {
        boolean held = Teardown.finalizers(resource).contains(Teardown.FINALIZER);
        if (resource.getMetadata().getDeletionTimestamp() != null) {
            boolean done = !held
                    || !Teardown.wanted(resource, git)
                    || teardown.proceed(new ObjectNames(id), resource, () -> isStillDeleted(id, resource));
            if (held && done) {
                setFinalizers(resource, Teardown.withoutFinalizer(resource));
            }
            return done;
        }
        if (reader.read(resource) instanceof StoredResource.Invalid invalid) {
            report(id, resource, invalid.reason());
        } else if (saysDelete(resource) != held) {
            setFinalizers(resource, held ? Teardown.withoutFinalizer(resource) : Teardown.withFinalizer(resource));
        }
        return true;
    }

    private boolean isStillDeleted(EnsembleId id, GenericKubernetesResource resource) {
        return resources
                .fresh(id)
                .filter(now ->
                        now.getMetadata().getUid().equals(resource.getMetadata().getUid()))
                .filter(now -> Teardown.finalizers(now).contains(Teardown.FINALIZER))
                .isPresent();
    }

    private void setFinalizers(GenericKubernetesResource resource, Set<String> finalizers) {
        resources.patchMetadata(resource, Map.of("finalizers", finalizers));
    }

    private void report(EnsembleId id, GenericKubernetesResource resource, String reason) {
        JsonNode status = CanonicalJson.tree(resource.getAdditionalProperties()).path("status");
        long generation = resource.getMetadata().getGeneration();
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("reason").asText().equals("InvalidSpec")
                    && condition.path("message").asText().equals(reason)
                    && condition.path("observedGeneration").asLong() == generation) {
                return;
            }
        }
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode reported = status.isObject() ? status.deepCopy() : JsonNodeFactory.instance.objectNode();
        reported.put("observedGeneration", generation);
        reported.set(
                "conditions",
                CanonicalJson.tree(List.of(
                        new Condition("Ready", "False", "InvalidSpec", reason, now, generation),
                        new Condition("Stalled", "True", "InvalidSpec", reason, now, generation))));
        LogEntry.of("invalid spec, resource not reconciled")
                .with(LogKey.ENSEMBLE, id)
                .with(LogKey.REASON, reason)
                .warn(LOG);
        resources.replaceStatus(resource, reported);
    }
}
