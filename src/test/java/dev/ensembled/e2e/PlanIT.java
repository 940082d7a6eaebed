package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.cli.CommandRun;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Freeze;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A person plans a change, before it is pushed, and the cluster then does what the plan has said. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlanIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Stage STAGE = new Stage("plan", "api-access");

    @TempDir
    Path clone;

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("kafka", 3);
        ensemble = STAGE.create(file);
    }

    /** The command with its output as JSON. */
    private record Plan(int exitCode, JsonNode document) {
        JsonNode ensemble() {
            assertThat(document.path("ensembles")).as(document.toPrettyString()).hasSize(1);
            return document.path("ensembles").get(0);
        }

        /** The pods that restart, in order. */
        List<String> restarts() {
            List<String> pods = new ArrayList<>();
            for (JsonNode step : ensemble().path("steps")) {
                if (step.path("restart").asBoolean()) {
                    pods.add(ensemble.pod(step.path("member").asInt() - 1));
                }
            }
            return pods;
        }

        List<JsonNode> evictions() {
            List<JsonNode> trials = new ArrayList<>();
            ensemble().path("evictions").forEach(trials::add);
            return trials;
        }
    }

    private Plan plan(EnsembleFile wanted, String... options) throws IOException {
        Files.createDirectories(clone.resolve(".git"));
        Path path = clone.resolve(wanted.path());
        Files.createDirectories(path.getParent());
        Files.writeString(path, wanted.yaml());
        CommandRun run =
                CommandRun.of(Stream.concat(Stream.of("plan", "-o", "json", path.toString()), Stream.of(options))
                        .toArray());
        assertThat(run.err()).isEmpty();
        return new Plan(run.code(), new ObjectMapper().readTree(run.out()));
    }

    private Plan forwarded(EnsembleFile wanted) throws IOException {
        return plan(wanted, "--daemon-namespace", STAGE.namespace(), "--kubeconfig", System.getenv("KUBECONFIG"));
    }

    @Test
    @Order(1)
    void planThroughAForwardedPortIsWhatAWatchThenSees() throws IOException {
        EnsembleFile next = file.maxClientConnections(91);

        Plan plan = forwarded(next);
        Instant start = Instant.now();
        STAGE.awaitSettled(ensemble, STAGE.push(next));

        assertThat(plan.exitCode()).isEqualTo(2);
        assertThat(plan.restarts())
                .hasSize(3)
                .isEqualTo(ensemble.pods().since(start).order());
        assertThat(plan.ensemble().path("changes").findValuesAsText("path")).containsExactly("config.maxClientCnxns");
        assertThat(plan.evictions()).hasSize(3).allMatch(trial -> trial.path("allowed")
                .asBoolean());
        assertThat(plan.ensemble().path("ending").path("kind").asText()).isEqualTo("DONE");
        // A later plan knows how long restarts take, and the same file needs none
        assertThat(forwarded(file.maxClientConnections(92)).ensemble().findValues("expectedSeconds"))
                .hasSize(3);
        assertThat(forwarded(next).exitCode()).isZero();
        // And the history names the restarts in the same order
        String history = CommandRun.of(
                        "history", "kafka", "-n", STAGE.namespace(), "--kubeconfig", System.getenv("KUBECONFIG"))
                .out();
        assertThat(history.lines()
                        .filter(line -> line.contains("restart member"))
                        .map(line -> line.replaceFirst(".*restart member (\\d+).*", "$1"))
                        .map(member -> ensemble.pod(Integer.parseInt(member) - 1)))
                .isEqualTo(plan.restarts());
    }

    @Test
    @Order(2)
    void refusedChangeIsNamedAndNothingIsStored() throws IOException {
        Plan shrunk = forwarded(file.with("storage: {size: 1Mi}"));

        assertThat(shrunk.exitCode()).isIn(1, 3);
        assertThat(ensemble.resource().getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    @Order(3)
    void tokenReadsWhatItsRoleAllows() throws IOException {
        String namespace = STAGE.namespace();
        TestCluster.kubectl("-n", namespace, "create", "serviceaccount", "ci").run();
        Path token = clone.resolve("token");
        Files.writeString(
                token,
                TestCluster.kubectl("-n", namespace, "create", "token", "ci").run());
        EnsembleFile next = file.maxClientConnections(93);
        try (LocalPortForward port = STAGE.client()
                .pods()
                .resource(STAGE.daemon().pod().orElseThrow())
                .portForward(8080)) {
            String[] options = {"--server", "http://127.0.0.1:" + port.getLocalPort(), "--token-file", token.toString()
            };

            Plan blind = plan(next, options);
            assertThat(blind.document().path("ensembles")).isEmpty();
            assertThat(blind.document().path("notes").toString()).contains(namespace);

            TestCluster.kubectl(
                            "-n",
                            namespace,
                            "create",
                            "rolebinding",
                            "plans",
                            "--clusterrole=ensembled-view",
                            "--serviceaccount=" + namespace + ":ci")
                    .run();
            await("the role is bound").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            plan(next, options).restarts())
                    .hasSize(3));

            Files.writeString(token, "garbage");
            CommandRun refused = CommandRun.of(
                    Stream.concat(Stream.of("plan", clone.resolve(next.path()).toString()), Stream.of(options))
                            .toArray());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("the token is not valid");
        }
    }

    @Test
    @Order(4)
    void budgetThatWouldBlockIsNamed() throws IOException {
        Freeze.of(STAGE, ensemble);

        Plan plan = forwarded(file.maxClientConnections(94));

        assertThat(plan.evictions()).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.path("allowed").asBoolean()).isFalse();
            assertThat(trial.path("blockedBy").asText()).isEqualTo("budget");
            assertThat(trial.path("message").asText()).contains(Freeze.NAME);
        });
        JsonNode ending = plan.ensemble().path("ending");
        assertThat(ending.path("gate").asText()).isEqualTo("budget");
        assertThat(ending.path("reason").asText()).contains(Freeze.NAME);
        assertThat(plan.restarts()).isEmpty();
    }
}
