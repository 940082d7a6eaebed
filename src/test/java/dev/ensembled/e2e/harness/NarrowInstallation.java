package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The daemon as k8s/overlays/namespaces installs it, without a Git source: in its own namespace, with rights in the
 * listed namespaces. The overlay is adapted as its comments say.
 */
public final class NarrowInstallation implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final KubernetesClient client;
    private final String home;
    private final List<String> namespaces;

    /**
     * Installs the daemon and waits until it is ready.
     *
     * @param home the daemon's namespace
     * @param ensemble whose Secret the Roles name, in each namespace
     */
    public NarrowInstallation(KubernetesClient client, String home, List<String> namespaces, String ensemble) {
        this.client = client;
        this.home = home;
        this.namespaces = List.copyOf(namespaces);
        Path k8s = TestCluster.output().resolve("e2e").resolve(home).resolve("k8s");
        try {
            copy(TestCluster.root().resolve("k8s"), k8s);
            adapt(k8s, ensemble);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestCluster.kubectl(
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "-k",
                        k8s.resolve("overlays/namespaces").toString())
                .run();
        await("the daemon is ready").atMost(TIMEOUT).ignoreExceptions().until(this::ready);
    }

    /** The daemon's service account, as RBAC names it. */
    public String user() {
        return "system:serviceaccount:" + home + ":ensembled";
    }

    /**
     * The whole health report, whether it is good or not; through port forwarding, since the port is closed to the
     * network.
     */
    public String health() {
        String pod = client.pods()
                .inNamespace(home)
                .withLabel("app.kubernetes.io/component", "daemon")
                .list()
                .getItems()
                .get(0)
                .getMetadata()
                .getName();
        try (LocalPortForward forward =
                client.pods().inNamespace(home).withName(pod).portForward(8080)) {
            URI well = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/q/health/well");
            HttpRequest request =
                    HttpRequest.newBuilder(well).timeout(Duration.ofSeconds(10)).build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException("health of pod " + pod, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean ready() {
        return client.apps()
                        .deployments()
                        .inNamespace(home)
                        .withName("ensembled")
                        .get()
                        .getStatus()
                        .getReadyReplicas()
                == 1;
    }

    private void adapt(Path k8s, String ensemble) throws IOException {
        replace(k8s.resolve("base/kustomization.yaml"), "ensembled-system", home);
        replace(k8s.resolve("base/namespace.yaml"), "ensembled-system", home);
        Path overlay = k8s.resolve("overlays/namespaces");
        for (String namespace : namespaces) {
            Path directory = overlay.resolve(namespace);
            copy(overlay.resolve("zookeeper"), directory);
            replace(directory.resolve("namespace.yaml"), "name: zookeeper", "name: " + namespace);
            Path kustomization = directory.resolve("kustomization.yaml");
            replace(kustomization, "namespace: zookeeper", "namespace: " + namespace);
            replace(kustomization, "ensembled-system", home);
            replace(kustomization, "production-super", ensemble + "-super");
        }
        Path kustomization = overlay.resolve("kustomization.yaml");
        int colon = TestCluster.image().lastIndexOf(':');
        replace(kustomization, "  - zookeeper\n", "  - " + String.join("\n  - ", namespaces) + "\n");
        replace(kustomization, "NAMESPACES=zookeeper", "NAMESPACES=" + String.join(",", namespaces));
        replace(kustomization, "ensembled-system", home);
        replace(
                kustomization,
                "newName: docker.io/library/ensembled",
                "newName: " + TestCluster.image().substring(0, colon));
        replace(kustomization, "newTag: dev", "newTag: " + TestCluster.image().substring(colon + 1));
    }

    private static void replace(Path file, String text, String by) throws IOException {
        String before = Files.readString(file);
        if (!before.contains(text)) {
            throw new IllegalStateException(file + " does not say " + text);
        }
        Files.writeString(file, before.replace(text, by));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Override
    public void close() {
        namespaces.forEach(namespace -> client.namespaces().withName(namespace).delete());
        client.namespaces().withName(home).delete();
    }
}
