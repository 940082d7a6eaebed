package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.kubernetes.KubernetesPlatform;
import dev.ensembled.kubernetes.access.ReviewAuthorizer;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.KubernetesClients;
import dev.ensembled.kubernetes.store.KubernetesStore;
import dev.ensembled.kubernetes.store.Lifecycle;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.zookeeper.Reconfigurer;
import dev.ensembled.zookeeper.ServerProbe;
import dev.ensembled.zookeeper.SnapshotRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs ensembles as StatefulSets in the cluster, with custom resources as the store. */
final class KubernetesRuntime implements PlatformRuntime {
    private final Leadership leadership;
    private final KubernetesClient client;
    private final ServerProbe probe;
    private final ClusterCache cache;
    private final Lifecycle lifecycle;
    private final KubernetesPlatform platform;
    private final KubernetesStore store;
    private final Authorizer authorizer;

    private KubernetesRuntime(Settings settings, Clock clock) {
        leadership = Replica.of(settings, clock);
        client = KubernetesClients.fenced(leadership);
        probe = new ServerProbe(clock);
        cache = new ClusterCache(client, settings.namespaces().orElse(Set.of()));
        Policy policy = InstallationPolicy.of(settings);
        lifecycle = new Lifecycle(client, cache, settings.git().uri().isPresent(), policy, clock);
        platform = new KubernetesPlatform(
                client,
                cache,
                probe::askAll,
                new ServerAdministration(new Reconfigurer(), new SnapshotRequest(), leadership),
                clock);
        store = new KubernetesStore(client, cache, policy, clock);
        authorizer = new ReviewAuthorizer(client);
    }

    static PlatformRuntime open(Settings settings, Clock clock) {
        return new KubernetesRuntime(settings, clock);
    }

    @Override
    public Platform platform() {
        return platform;
    }

    @Override
    public EnsembleStore store() {
        return store;
    }

    @Override
    public DryRun dryRun() {
        return platform;
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public void catchUp() {
        store.catchUp();
        lifecycle.start();
    }

    @Override
    public Authorizer authorizer() {
        return authorizer;
    }

    @Override
    public AcceptedCommits acceptedCommits(String installation, String source) {
        return HistoryInCluster.of(client, installation, source);
    }

    @Override
    public List<String> superPasswords(EnsembleId id) {
        return platform.superPasswords(id);
    }

    @Override
    public void watch(Consumer<EnsembleId> changed) {
        cache.addListener(changed);
        cache.start();
    }

    @Override
    public boolean complete() {
        return cache.synced();
    }

    @Override
    public Optional<String> problem() {
        if (!cache.synced()) {
            return Optional.of("the objects of the cluster have not been listed yet: "
                    + cache.problem()
                            .map(error -> "API server error: " + error)
                            .orElse("no response from the API server")
                    + ". Check that the API server is reachable, and that the service account has the Role of k8s/rights"
                    + " in each namespace of ENSEMBLED_NAMESPACES");
        }
        return cache.healthy()
                ? Optional.empty()
                : Optional.of("the API server is unreachable; cached objects may be outdated");
    }

    @Override
    public void close() {
        lifecycle.close();
        cache.close();
        probe.close();
        client.close();
    }
}
