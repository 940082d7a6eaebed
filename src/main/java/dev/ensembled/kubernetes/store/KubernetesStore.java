package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.SourceChanges;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.ObjectNames;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Stores the accepted specs as custom resources. Resources that break our rules, where the cluster cannot refuse that, are
 * left out, and {@link Lifecycle} reports the reason in their status. Thread-safe.
 */
public final class KubernetesStore implements EnsembleStore {
    private static final Logger LOG = Logger.getLogger(KubernetesStore.class);

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
                .flatMap(resource -> reader.valid(resource).stream())
                .toList();
    }

    /** A resource that is being deleted counts as absent: the rollout has nothing left to do for it. */
    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return calling("read " + id, () -> resources.get(id))
                .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
                .flatMap(reader::valid);
    }

    @Override
    public SourceChanges decidedOn(List<Accepted> read) {
        Map<EnsembleId, Accepted> known = read.stream().collect(Collectors.toMap(Accepted::id, Function.identity()));
        return changes((id, now) -> isSame(Optional.ofNullable(known.get(id)), now));
    }

    private static boolean isSame(Optional<Accepted> before, Optional<Accepted> now) {
        return before.map(Accepted::generation).equals(now.map(Accepted::generation))
                && before.flatMap(Accepted::source).equals(now.flatMap(Accepted::source));
    }

    private ResourceChanges changes(ResourceChanges.Basis basis) {
        return new ResourceChanges(resources, reader, new ResourceForm(client.getKubernetesSerialization()), basis);
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        changes(ResourceChanges.Basis.ANY).accept(resource, source);
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        changes(ResourceChanges.Basis.ANY).mark(id, source);
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        changes(ResourceChanges.Basis.ANY).remove(id, source);
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
        GenericKubernetesResource wanted = new ResourceForm(client.getKubernetesSerialization())
                .of(resource, new SourceStatus("", "", "", null), reader.digest(spec));
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

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        JsonNode wanted = CanonicalJson.tree(status);
        calling("write the status of " + id, () -> {
            resources.change(id, stored -> {
                GenericKubernetesResource read = stored.filter(found -> has(found, before))
                        .orElseThrow(() -> new ChangedMeanwhileException(
                                "the status of " + id
                                        + (stored.isPresent() ? " was changed" : " does not exist any more")
                                        + "; expected the status that this cycle is based on",
                                null));
                if (!wanted.equals(
                        CanonicalJson.tree(read.getAdditionalProperties().get("status")))) {
                    resources.replaceStatus(read, (ObjectNode) wanted);
                }
            });
            return id;
        });
    }

    private boolean has(GenericKubernetesResource stored, EnsembleStatus status) {
        return reader.valid(stored)
                .map(accepted -> CanonicalJson.tree(accepted.status()))
                .filter(CanonicalJson.tree(status)::equals)
                .isPresent();
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
    public void writeHistory(EnsembleId id, History before, History history) {
        try {
            resources
                    .get(id)
                    .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
                    .ifPresent(resource -> histories.write(new ObjectNames(id), before, history));
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            if (!failure.isConflict()) {
                LogEntry.of("cannot write the history")
                        .with(LogKey.ENSEMBLE, id)
                        .with(LogKey.REASON, failure.message())
                        .warn(LOG);
            }
            throw failure.retryLater("write the history of " + id);
        }
    }

    static <T> T calling(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater(doing);
        }
    }
}
