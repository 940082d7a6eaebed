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
import java.util.stream.Collectors;

/** The daemon in the cluster, installed from k8s/overlays/namespace into one namespace, beside its ensembles. */
public final class DaemonDeployment {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/name", "ensembled", "app.kubernetes.io/component", "daemon");

    private final KubernetesClient client;
    private final String namespace;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private DaemonDeployment(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * Installs the daemon and waits until it is ready.
     *
     * @param interval between two fetches of the repository without a hint
     * @param components of k8s/components, by name
     * @param settings of the daemon in addition to the default ones of all scenarios, such as ENSEMBLED_JVM_OPTIONS=any
     */
    static DaemonDeployment install(
            KubernetesClient client,
            String namespace,
            GitServer git,
            Duration interval,
            List<String> components,
            List<String> settings) {
        Path overlay = TestCluster.output().resolve("e2e").resolve(namespace);
        try {
            Files.createDirectories(overlay);
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    kustomization(overlay, namespace, git, interval, components, settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestCluster.kubectl("apply", "--server-side", "--force-conflicts", "-k", overlay.toString())
                .run();
        DaemonDeployment daemon = new DaemonDeployment(client, namespace);
        daemon.awaitReady();
        return daemon;
    }

    /** An overlay as a team would write it on top of ours. */
    private static String kustomization(
            Path overlay,
            String namespace,
            GitServer git,
            Duration interval,
            List<String> components,
            List<String> settings) {
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
                %spatches:
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
                        settings.stream()
                                .map(setting -> "      - " + setting + "\n")
                                .collect(Collectors.joining()),
                        git.port());
    }

    /** Waits until a pod of the daemon is ready that is not terminating. */
    public void awaitReady() {
        await("the daemon is ready").atMost(TIMEOUT).ignoreExceptions().until(() -> pod().flatMap(
                        pod -> transition(pod, "Ready"))
                .isPresent());
    }

    /** The daemon's pod; empty while there is none. */
    public Optional<Pod> pod() {
        return client.pods().inNamespace(namespace).withLabels(LABELS).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
    }

    /** Kills the daemon without a warning; the Deployment starts another one. */
    public void kill() {
        client.pods().resource(pod().orElseThrow()).withGracePeriod(0).delete();
    }

    /** Moves the daemon to another node than this one. */
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

    /** Sends the daemon a hint that the repository may have changed. */
    public void hint() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/api/fetch"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("POST /api/fetch: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** The body of the daemon's response, whatever its status. */
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

    /** What the daemon needs: the time from its container's start to ready, in the API's whole seconds, and its memory. */
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
