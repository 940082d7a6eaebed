package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A namespace of our own in the cluster of KUBECONFIG, which enforces the restricted Pod Security Standard. */
final class TestCluster implements AutoCloseable {
    private static final Path DEFINITION = Path.of("../k8s/base/crd.yaml");

    final KubernetesClient client = KubernetesClients.fromEnvironment();
    final String namespace = "kube-it-" + UUID.randomUUID().toString().substring(0, 8);
    final ClusterCache cache = new ClusterCache(client, Set.of(namespace));

    TestCluster() {
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
        await("informers", Duration.ofSeconds(20), cache::synced);
    }

    @Override
    public void close() {
        cache.close();
        // Nobody is left who would take finalizers away, and a namespace does not go before they are gone.
        client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(namespace)
                .resources()
                .forEach(resource ->
                        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}"));
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    static void await(String what, Duration limit, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(limit);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** What the servers say, by the one word that tells whether they serve. */
    static Map<Integer, Server> ask(Map<Integer, HostPort> addresses) {
        return addresses.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> ask(entry.getValue())));
    }

    private static Server ask(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("mntr".getBytes(StandardCharsets.UTF_8));
            Map<String, String> answer = new TreeMap<>();
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", 2))
                    .filter(pair -> pair.length == 2)
                    .forEach(pair -> answer.put(pair[0], pair[1]));
            if (!answer.getOrDefault("zk_peer_state", "").endsWith("broadcast")) {
                return new Server.NotServing(answer.toString());
            }
            Role role = Role.valueOf(answer.get("zk_server_state").toUpperCase(java.util.Locale.ROOT));
            return new Server.Serving(
                    role, 0, Membership.ofMajority(0, Set.of(), Set.of()), 0, 0, 0, 0, Instant.now(), "", Map.of());
        } catch (IOException e) {
            return new Server.Unknown(e.toString());
        }
    }
}
