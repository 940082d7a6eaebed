package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.SpecRefusedException;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Drift;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.Policy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Stores the accepted specs as custom resources. Resources that break our rules, where the cluster cannot refuse that, are
 * left out, and {@link Lifecycle} reports the reason in their status. Thread-safe.
 */
public final class KubernetesStore implements EnsembleStore {
    private static final Logger LOG = Logger.getLogger(KubernetesStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final Resources resources;
    private final StoredResource reader;
    private final EventPublisher events;
    private final HistoryMaps histories;

    public KubernetesStore(KubernetesClient client, ClusterCache cache, Policy policy, Clock clock) {
        this.client = client;
        this.resources = new Resources(client, cache.resources());
        this.reader = new StoredResource(client.getKubernetesSerialization(), policy);
        this.events = new EventPublisher(client, clock);
        this.histories = new HistoryMaps(client);
    }

    /**
     * Reads from now on no resource that is older than at this moment, whatever the cache has: another replica may just have
     * written it.
     *
     * @throws RetryLaterException if the API server cannot be reached
     */
    public void catchUp() {
        calling("read all ensembles", () -> {
            resources.catchUp();
            return true;
        });
    }

    @Override
    public List<Accepted> list() {
        return calling("list ensembles", resources::list).stream()
                .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
                .flatMap(resource -> valid(resource).stream())
                .toList();
    }

    /** A resource that is being deleted counts as absent: the rollout has nothing left to do for it. */
    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return calling("read " + id, () -> resources.get(id))
                .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
                .flatMap(this::valid);
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        String digest = reader.digest(resource.getSpec());
        GenericKubernetesResource wanted = wanted(resource, source, digest);
        calling("accept " + resource.id(), () -> {
            Optional<GenericKubernetesResource> stored = resources.get(resource.id());
            if (stored.filter(found -> same(wanted, digest, found)).isPresent()) {
                return stored.get();
            }
            GenericKubernetesResource applied = apply(wanted);
            // Applying leaves in place what another client has added; the file in Git is the whole spec.
            return digest.equals(digestOf(applied))
                    ? applied
                    : resources.replaceSpec(
                            applied, wanted.getAdditionalProperties().get("spec"));
        });
    }

    /** The API server validates the resource as for an apply, and calls the admission webhooks that support a dry run. */
    @Override
    public Optional<String> refusal(EnsembleId id, EnsembleSpec spec) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(id.namespace())
                .withName(id.name())
                .build());
        resource.setSpec(spec);
        GenericKubernetesResource wanted = wanted(resource, new SourceStatus("", "", "", null), reader.digest(spec));
        return calling("try to accept " + id, () -> {
            try {
                resources.tryApply(wanted);
                return Optional.empty();
            } catch (KubernetesClientException e) {
                ApiFailure failure = new ApiFailure(e);
                if (failure.refused() || failure.notFound()) {
                    return Optional.of(failure.message());
                }
                throw e;
            }
        });
    }

    private GenericKubernetesResource apply(GenericKubernetesResource wanted) {
        try {
            return resources.apply(wanted);
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            if (failure.invalid()) {
                throw new SpecRefusedException(failure.message(), e);
            }
            throw e;
        }
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        calling("mark " + id, () -> {
            Optional<GenericKubernetesResource> stored = resources.get(id);
            Map<String, String> wanted = SourceAnnotations.of(source);
            if (stored.isPresent() && !annotations(stored.get()).entrySet().containsAll(wanted.entrySet())) {
                resources.patchMetadata(id, Map.of("annotations", wanted));
            }
            return id;
        });
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        calling("remove " + id, () -> {
            Optional<GenericKubernetesResource> stored = resources.fresh(id);
            if (stored.isPresent()) {
                Map<String, String> wanted = new TreeMap<>(SourceAnnotations.of(source));
                wanted.put(SourceAnnotations.REMOVED_BY, Objects.requireNonNullElse(source.commit(), "unknown"));
                // The finalizer keeps the resource until its objects are gone, even if the daemon ends in between.
                resources.patchMetadata(
                        id, Map.of("annotations", wanted, "finalizers", Teardown.withFinalizer(stored.get())));
                resources.delete(stored.get());
            }
            return id;
        });
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus status) {
        calling("write the status of " + id, () -> {
            JsonNode wanted = CanonicalJson.tree(status);
            Optional<GenericKubernetesResource> stored = resources.get(id);
            if (stored.isPresent()
                    && !wanted.equals(CanonicalJson.tree(
                            stored.get().getAdditionalProperties().get("status")))) {
                resources.replaceStatus(id, (ObjectNode) wanted);
            }
            return id;
        });
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        calling("publish an event of " + id, () -> resources.get(id))
                .ifPresent(resource -> events.publish(resource, event));
    }

    @Override
    public History history(EnsembleId id) {
        return calling("read the history of " + id, () -> histories.read(new ObjectNames(id)));
    }

    /** The history of a resource that is being deleted is not written: its teardown may have deleted it already. */
    @Override
    public void writeHistory(EnsembleId id, History history) {
        try {
            resources
                    .get(id)
                    .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
                    .ifPresent(resource -> histories.write(new ObjectNames(id), history));
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            LogEntry.of("cannot write the history")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.REASON, failure.message())
                    .warn(LOG);
            throw failure.retryLater("write the history of " + id);
        }
    }

    private Optional<Accepted> valid(GenericKubernetesResource resource) {
        return reader.read(resource) instanceof StoredResource.Valid valid
                ? Optional.of(valid.accepted())
                : Optional.empty();
    }

    private boolean same(GenericKubernetesResource wanted, String digest, GenericKubernetesResource stored) {
        return digest.equals(digestOf(stored))
                && Drift.between(CanonicalJson.tree(wanted.getMetadata()), CanonicalJson.tree(stored.getMetadata()))
                        .isEmpty();
    }

    private String digestOf(GenericKubernetesResource stored) {
        return valid(stored).map(accepted -> reader.digest(accepted.spec())).orElse("");
    }

    private GenericKubernetesResource wanted(ZooKeeperEnsemble resource, SourceStatus source, String digest) {
        Map<String, String> annotations =
                new TreeMap<>(Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of()));
        annotations.putAll(OptOut.OF_RESOURCES);
        annotations.putAll(SourceAnnotations.of(source));
        annotations.put(SourceAnnotations.SPEC_DIGEST, digest);
        GenericKubernetesResource wanted = new GenericKubernetesResource();
        wanted.setApiVersion(resource.getApiVersion());
        wanted.setKind(resource.getKind());
        wanted.setMetadata(new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .withLabels(resource.getMetadata().getLabels())
                .withAnnotations(annotations)
                .build());
        wanted.setAdditionalProperty("spec", spec(resource));
        return wanted;
    }

    private JsonNode spec(ZooKeeperEnsemble resource) {
        try {
            return CanonicalJson.sorted(
                    JSON.readTree(client.getKubernetesSerialization().asJson(resource.getSpec())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot parse the serialized spec", e);
        }
    }

    private static Map<String, String> annotations(GenericKubernetesResource resource) {
        return Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of());
    }

    private static <T> T calling(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater(doing);
        }
    }
}
