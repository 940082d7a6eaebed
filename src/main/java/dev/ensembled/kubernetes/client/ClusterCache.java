package dev.ensembled.kubernetes.client;

import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The informer caches of the watched namespaces, and the listeners to their changes. Survives outages of the API server:
 * informers list again what they missed. Listeners are called on the informers' threads and must return immediately.
 */
public final class ClusterCache implements AutoCloseable, EnsembleObjects.Source {
    public static final ResourceDefinitionContext RESOURCE = new ResourceDefinitionContext.Builder()
            .withGroup(ZooKeeperEnsemble.GROUP)
            .withVersion(ZooKeeperEnsemble.VERSION)
            .withKind("ZooKeeperEnsemble")
            .withPlural("zookeeperensembles")
            .withNamespaced(true)
            .build();
    private static final Map<String, String> OURS = Map.of(ObjectNames.MANAGED_BY_LABEL, ObjectNames.MANAGED_BY);

    private final Set<String> namespaces;
    private final List<Consumer<EnsembleId>> listeners = new CopyOnWriteArrayList<>();
    private final ResourceInformers<ConfigMap> configMaps;
    private final ResourceInformers<Service> services;
    private final ResourceInformers<PodDisruptionBudget> budgets;
    private final ResourceInformers<StatefulSet> statefulSets;
    private final ResourceInformers<Pod> pods;
    private final ResourceInformers<PersistentVolumeClaim> claims;
    private final ResourceInformers<GenericKubernetesResource> resources;

    /**
     * Creates a cache, which is not started yet.
     *
     * @param namespaces the namespaces to watch; empty for all
     */
    public ClusterCache(KubernetesClient client, Set<String> namespaces) {
        this.namespaces = Set.copyOf(namespaces);
        configMaps = ours(namespace -> namespace == null
                ? client.configMaps().inAnyNamespace()
                : client.configMaps().inNamespace(namespace));
        services = ours(namespace -> namespace == null
                ? client.services().inAnyNamespace()
                : client.services().inNamespace(namespace));
        statefulSets = ours(namespace -> namespace == null
                ? client.apps().statefulSets().inAnyNamespace()
                : client.apps().statefulSets().inNamespace(namespace));
        pods = ours(namespace -> namespace == null
                ? client.pods().inAnyNamespace()
                : client.pods().inNamespace(namespace));
        claims = ours(namespace -> namespace == null
                ? client.persistentVolumeClaims().inAnyNamespace()
                : client.persistentVolumeClaims().inNamespace(namespace));
        // Budgets of any owner, because each may cover our pods.
        budgets = watched(
                namespace -> namespace == null
                        ? client.policy().v1().podDisruptionBudget().inAnyNamespace()
                        : client.policy().v1().podDisruptionBudget().inNamespace(namespace),
                this::budgetChanged);
        resources = watched(
                namespace -> namespace == null
                        ? client.genericKubernetesResources(RESOURCE).inAnyNamespace()
                        : client.genericKubernetesResources(RESOURCE).inNamespace(namespace),
                resource -> notifyListeners(new EnsembleId(
                        resource.getMetadata().getNamespace(),
                        resource.getMetadata().getName())));
    }

    /**
     * Registers a listener, which is called with each ensemble of which anything changed, and when the cache is first
     * filled.
     */
    public void addListener(Consumer<EnsembleId> listener) {
        listeners.add(listener);
    }

    /** Starts to list and watch, in the background. */
    public void start() {
        all().forEach(ResourceInformers::start);
    }

    /** Whether everything has been listed once: before that, nothing follows from what is absent. */
    public boolean synced() {
        return all().stream().allMatch(ResourceInformers::synced);
    }

    /**
     * Returns the API server's answer to the first list that failed; empty if everything was listed, or no list has failed
     * yet.
     */
    public Optional<String> problem() {
        return all().stream().flatMap(watched -> watched.problem().stream()).findFirst();
    }

    /** Whether all watches are established at this moment. */
    public boolean healthy() {
        return synced() && all().stream().allMatch(ResourceInformers::watching);
    }

    @Override
    public EnsembleObjects read(ObjectNames names) {
        String namespace = names.id().namespace();
        return new EnsembleObjects(
                configMaps.in(namespace).stream()
                        .filter(object -> belongs(names, object))
                        .toList(),
                services.in(namespace).stream()
                        .filter(object -> belongs(names, object))
                        .toList(),
                budgets.in(namespace),
                statefulSets.get(namespace, names.statefulSet()),
                pods.in(namespace).stream()
                        .filter(object -> belongs(names, object))
                        .toList(),
                claims.in(namespace).stream()
                        .filter(object -> belongs(names, object))
                        .toList());
    }

    /** Returns the ensembles' resources as they are in the cluster, valid or not. */
    public ResourceInformers<GenericKubernetesResource> resources() {
        return resources;
    }

    @Override
    public void close() {
        all().forEach(ResourceInformers::close);
    }

    private List<ResourceInformers<?>> all() {
        return List.of(configMaps, services, budgets, statefulSets, pods, claims, resources);
    }

    private <T extends HasMetadata> ResourceInformers<T> ours(Function<String, FilterWatchListDeletable<T, ?, ?>> in) {
        return watched(namespace -> in.apply(namespace).withLabels(OURS), this::objectChanged);
    }

    private <T extends HasMetadata> ResourceInformers<T> watched(
            Function<String, FilterWatchListDeletable<T, ?, ?>> in, Consumer<T> changed) {
        return new ResourceInformers<>(
                namespaces.isEmpty()
                        ? List.of(in.apply(null).runnableInformer(0))
                        : namespaces.stream()
                                .map(namespace -> in.apply(namespace).runnableInformer(0))
                                .toList(),
                changed);
    }

    private static boolean belongs(ObjectNames names, HasMetadata object) {
        return names.id().name().equals(object.getMetadata().getLabels().get(ObjectNames.INSTANCE_LABEL));
    }

    private void objectChanged(HasMetadata object) {
        String instance = object.getMetadata().getLabels().get(ObjectNames.INSTANCE_LABEL);
        if (instance != null) {
            notifyListeners(new EnsembleId(object.getMetadata().getNamespace(), instance));
        }
    }

    private void budgetChanged(PodDisruptionBudget budget) {
        String namespace = budget.getMetadata().getNamespace();
        resources
                .in(namespace)
                .forEach(resource -> notifyListeners(
                        new EnsembleId(namespace, resource.getMetadata().getName())));
    }

    private void notifyListeners(EnsembleId id) {
        listeners.forEach(listener -> listener.accept(id));
    }
}
