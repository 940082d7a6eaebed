package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The daemon in the cluster, installed from k8s/overlays/namespace into one namespace, beside its ensembles. */
public final class Daemon {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/name", "ensembled", "app.kubernetes.io/component", "daemon");

    private final KubernetesClient client;
    private final String namespace;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Daemon(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * Installs it and waits until it is ready.
     *
     * @param interval between two looks at the repository without a hint
     * @param components of k8s/components, by name
     * @param open whether this machine may read its page by the address of its pod, which is not so by default
     */
    static Daemon install(
            KubernetesClient client,
            String namespace,
            GitServer git,
            Duration interval,
            List<String> components,
            boolean open) {
        Path overlay = TestCluster.output().resolve("e2e").resolve(namespace);
        try {
            Files.createDirectories(overlay);
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    kustomization(overlay, namespace, git, interval, components, open));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestCluster.kubectl("apply", "--server-side", "--force-conflicts", "-k", overlay.toString())
                .run();
        Daemon daemon = new Daemon(client, namespace);
        daemon.awaitReady();
        return daemon;
    }

    /** An overlay as a team would write it over ours. */
    private static String kustomization(
            Path overlay, String namespace, GitServer git, Duration interval, List<String> components, boolean open) {
        Path ours = overlay.relativize(TestCluster.root().resolve("k8s"));
        int colon = TestCluster.image().lastIndexOf(':');
        return """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: %s
                resources: [%s/overlays/namespace]
                components: %s
                images:
                  - name: docker.io/library/ensembled
                    newName: %s
                    newTag: %s
                configMapGenerator:
                  - name: ensembled
                    behavior: merge
                    literals:
                      - ENSEMBLED_GIT_URI=%s
                      - ENSEMBLED_GIT_INTERVAL=%ds
                      - ENSEMBLED_GIT_TIMEOUT=5s
                      - ENSEMBLED_WEB_NETWORK=%s
                patches:
                  - target: {kind: NetworkPolicy}
                    patch: |-
                      - {op: add, path: /spec/egress/-, value: {ports: [{port: %d, protocol: TCP}]}}
                """
                .formatted(
                        namespace,
                        ours,
                        components.stream()
                                .map(component -> ours + "/components/" + component)
                                .toList(),
                        TestCluster.image().substring(0, colon),
                        TestCluster.image().substring(colon + 1),
                        git.url(),
                        interval.toSeconds(),
                        open,
                        git.port());
    }

    /** Waits until a pod of it is ready that is not on its way out. */
    public void awaitReady() {
        await("the daemon is ready").atMost(PATIENCE).ignoreExceptions().until(() -> pod().flatMap(
                        pod -> transition(pod, "Ready"))
                .isPresent());
    }

    /** Its pod; empty while there is none. */
    public Optional<Pod> pod() {
        return client.pods().inNamespace(namespace).withLabels(LABELS).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
    }

    /** Ends it without any warning; the Deployment starts another one. */
    public void kill() {
        client.pods().resource(pod().orElseThrow()).withGracePeriod(0).delete();
    }

    /** Has it run on another node than this one. */
    public void moveAwayFrom(String node) {
        if (!pod().orElseThrow().getSpec().getNodeName().equals(node)) {
            return;
        }
        TestCluster.kubectl("cordon", node).run();
        try {
            kill();
            awaitReady();
        } finally {
            TestCluster.kubectl("uncordon", node).run();
        }
    }

    /** Tells it that there may be something new in the repository. */
    public void hint() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/fetch"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("POST /api/fetch: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** The body of an answer of it, whatever its status. */
    public String get(String path) {
        return send(HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(10))
                        .build())
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://" + pod().orElseThrow().getStatus().getPodIP() + ":8080" + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri().toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String log() {
        return pod().map(pod -> client.pods().resource(pod).getLog()).orElse("there is no pod of the daemon");
    }

    /** What it takes: from its container's start to ready, in the API's whole seconds, and its memory. */
    public List<String> figures() {
        Pod pod = pod().orElseThrow();
        Instant started = Instant.parse(pod.getStatus()
                .getContainerStatuses()
                .get(0)
                .getState()
                .getRunning()
                .getStartedAt());
        Duration start = Duration.between(started, transition(pod, "Ready").orElseThrow());
        String status = TestCluster.kubectl(
                        "exec", "--namespace", namespace, pod.getMetadata().getName(), "--", "cat", "/proc/1/status")
                .run();
        String memory = String.join(
                ", ",
                status.lines()
                        .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                        .map(line -> line.replaceAll("\\s+", " "))
                        .toList());
        String own = log().lines()
                .filter(line -> line.contains("started in"))
                .map(line -> line.replaceAll(".*(started in [0-9.]+s).*", "$1"))
                .findFirst()
                .orElse("");
        return List.of("- container start to ready: " + Figures.seconds(start) + "; " + own, "- memory: " + memory);
    }

    private static Optional<Instant> transition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals("True"))
                .map(PodCondition::getLastTransitionTime)
                .map(Instant::parse)
                .findFirst();
    }
}
