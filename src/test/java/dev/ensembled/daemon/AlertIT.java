package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus, with the alerts that we ship, scrapes the packaged daemon. */
@Tag("long")
class AlertIT {
    private static final String FILE = "ensembles/production/zookeeper.yaml";
    private static final Path RULES = Path.of("../k8s/components/metrics/prometheus-rule.yaml");

    @TempDir
    Path dir;

    private LocalDaemon daemon;
    private Process prometheus;
    private int port;

    @AfterEach
    void end() throws IOException, InterruptedException {
        if (prometheus != null) {
            // Killed, since its data is not needed, and its orderly end has no deadline
            prometheus.destroyForcibly().waitFor();
        }
        if (daemon != null) {
            daemon.killEverything();
        }
    }

    @Test
    void stalledRolloutFiresItsAlertUntilItIsReverted() throws Exception {
        assumeThat(isInstalled())
                .as("prometheus is not on the path: install Debian's package prometheus to run this test")
                .isTrue();
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production", "zookeeper/dev");
        startPrometheus();
        LocalDaemon.eventually("Prometheus is ready", this::isReady);

        // When a push makes the first server that is restarted crash
        daemon.push(FILE, text -> text.replace("heap: 256Mi", "heap: 256Mi\n    options: [\"-XX:+NoSuchOption\"]")
                .replace("progressDeadline: 5m", "progressDeadline: 10s"));

        // Then the alert of this ensemble fires, and names the gate
        LocalDaemon.eventually("the alert fires", () -> alerts().contains("EnsembleStalled firing production"));
        assertThat(alerts()).noneMatch(alert -> alert.contains("EnsembleNotAvailable") || alert.endsWith(" dev"));
        assertThat(query("ensembled_gate_stalled == 1").toString()).contains("\"ensemble\":\"production\"");
        assertThat(query("ensembled_members_healthy{ensemble=\"production\"}").toString())
                .contains("\"2\"");

        // And ends after the change is reverted
        daemon.push(FILE, text -> text.replace("NoSuchOption", "UseSerialGC"));
        daemon.awaitWell("zookeeper/production");
        LocalDaemon.eventually("the alert ends", () -> alerts().isEmpty());
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("prometheus", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** With the shipped rules; only the time for which an alert must last is shorter. */
    private void startPrometheus() throws Exception {
        List<String> resource = Files.readAllLines(RULES);
        Files.write(
                dir.resolve("rules.yaml"),
                resource.subList(resource.indexOf("spec:") + 1, resource.size()).stream()
                        .map(line -> line.replaceFirst("^  ", "").replaceFirst("for: 1m$", "for: 2s"))
                        .toList());
        Files.writeString(
                dir.resolve("prometheus.yml"),
                """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yaml]
                scrape_configs:
                  - job_name: ensembled
                    static_configs: [{targets: ["AUTHORITY"]}]
                """
                        .replace("AUTHORITY", daemon.web().getAuthority()));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + dir.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + dir.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("prometheus.log").toFile())
                .start();
    }

    private boolean isReady() throws Exception {
        try {
            return get("/-/ready").statusCode() == 200
                    && query("ensembled_queue_depth").size() == 1;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Each alert as its name, state and ensemble. */
    private List<String> alerts() throws Exception {
        JsonNode alerts = api("/api/v1/alerts").path("data").path("alerts");
        return StreamSupport.stream(alerts.spliterator(), false)
                .map(alert -> alert.path("labels").path("alertname").asText() + " "
                        + alert.path("state").asText() + " "
                        + alert.path("labels").path("ensemble").asText())
                .toList();
    }

    private JsonNode query(String expression) throws Exception {
        return api("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("data")
                .path("result");
    }

    private JsonNode api(String path) throws Exception {
        return new ObjectMapper().readTree(get(path).body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
