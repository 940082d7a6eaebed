package dev.ensembled.kubernetes;

import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.KubernetesClients;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Situation;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.zookeeper.ServerProbe;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A namespace for tests in the cluster of KUBECONFIG, which enforces the restricted Pod Security Standard. */
final class TestNamespace implements AutoCloseable {
    /**
     * Far longer than any wait takes: a wait that times out means that the state is never reached, and not that a machine
     * is slow.
     */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final Path DEFINITION = Path.of("../k8s/base/crd.yaml");

    private static final ServerProbe PROBE = new ServerProbe(Clock.systemUTC());

    final KubernetesClient client = KubernetesClients.of(Config.autoConfigure(null));
    final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    final ClusterCache cache = new ClusterCache(client, Set.of(namespace));

    TestNamespace() {
        try (InputStream definition = Files.newInputStream(DEFINITION)) {
            client.load(definition)
                    .items()
                    .forEach(item -> client.resource(item).forceConflicts().serverSideApply());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        cache.start();
        await("informers", cache::synced);
    }

    @Override
    public void close() {
        cache.close();
        // No controller that would remove finalizers is left, and a namespace is not deleted before they are removed.
        client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(namespace)
                .resources()
                .forEach(resource ->
                        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}"));
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(TIMEOUT);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + TIMEOUT + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** The step that brings every object to its desired state. */
    static Step.Apply apply(Desired desired, Observed seen) {
        return new Step.Apply(
                seen.objects(), Situation.of(desired, seen, Instant.now()).replicas());
    }

    /** What the servers report. */
    static Map<Integer, Server> ask(Map<Integer, HostPort> addresses) {
        return PROBE.askAll(addresses);
    }
}
