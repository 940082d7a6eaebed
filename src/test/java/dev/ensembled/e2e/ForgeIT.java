package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Forge;
import dev.ensembled.e2e.harness.Freeze;
import dev.ensembled.e2e.harness.ReviewedRepository;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import dev.ensembled.e2e.harness.TlsTunnel;
import dev.ensembled.git.TestCertificate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The daemon in the cluster and a real forge (Gitea) behind TLS, with a private repository. */
@Tag("long")
@EnabledIfEnvironmentVariable(named = Forge.SCRIPT, matches = ".+")
class ForgeIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Pattern RESTART = Pattern.compile("restart member (\\d+)");
    private static final String ADDRESS = TestCluster.gitHost();

    @RegisterExtension
    static final Stage STAGE = new Stage("forge");

    @TempDir
    Path dir;

    @Test
    void reviewedChangeIsPlannedAndThenWaitsForABudgetInPublic() throws Exception {
        TestCertificate certificate = TestCertificate.in(dir.resolve("tls"), ADDRESS);
        EnsembleFile file = STAGE.file("kafka", 3);
        try (Forge forge = Forge.start(dir.resolve("forge"), ADDRESS);
                TlsTunnel tls = new TlsTunnel(
                        certificate, ADDRESS, URI.create(forge.cloneUrl("x")).getPort());
                Ensemble ensemble = new Ensemble(STAGE.client(), file)) {
            ReviewedRepository repository = ReviewedRepository.create(forge, "config", dir.resolve("work"));
            forge.makePrivate("config");
            follow("https://" + ADDRESS + ":" + tls.port() + "/admin/config.git", tls.port(), forge, certificate);
            String first = repository.push("main", Map.of(file.path(), file.yaml()));
            STAGE.awaitSettled(ensemble, first);
            awaitStatus(repository, first, "ensembled/rollout", "success", "all members healthy");

            // Given a budget of another owner that allows no disruption
            Freeze freeze = Freeze.of(STAGE, ensemble);
            EnsembleFile next = file.maxClientConnections(91);
            String head = repository.push("connections", Map.of(next.path(), next.yaml()));
            int number = repository.open("connections");

            // Then the pull request shows the restarts, and the budget that would block them
            awaitStatus(repository, head, "ensembled/plan", "success", "Plan: 1 ensemble changed");
            String comment = repository.comments(number).values().iterator().next();
            assertThat(comment).contains(Freeze.NAME).contains("maxClientCnxns");
            List<String> planned = restarts(comment, ensemble);
            assertThat(planned).hasSize(3);

            // When it is merged, the commit says in public that a person must delete one of the two budgets
            Instant start = Instant.now();
            String merged = repository.merge(number);
            awaitStatus(repository, merged, "ensembled/rollout", "failure", "waits at the gate budget");
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();

            // And when the budget is lifted, the pods restart as planned
            freeze.lift();
            awaitStatus(repository, merged, "ensembled/rollout", "success", "all members healthy");
            assertThat(ensemble.pods().since(start).order()).isEqualTo(planned);
            assertThat(STAGE.daemon().log()).doesNotContain(forge.token());
        }
    }

    private static List<String> restarts(String comment, Ensemble ensemble) {
        List<String> pods = new ArrayList<>();
        for (Matcher restart = RESTART.matcher(comment); restart.find(); ) {
            pods.add(ensemble.pod(Integer.parseInt(restart.group(1)) - 1));
        }
        return pods;
    }

    private static void awaitStatus(
            ReviewedRepository repository, String commit, String context, String state, String description) {
        await(context + " is " + state + ": " + description).atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        repository.status(commit, context))
                .hasValueSatisfying(status -> {
                    assertThat(status.state()).isEqualTo(state);
                    assertThat(status.description()).contains(description);
                }));
    }

    /** Configures the daemon as docs/pull-requests.md says. */
    private void follow(String url, int port, Forge forge, TestCertificate certificate) throws Exception {
        Path token = Files.writeString(dir.resolve("token"), forge.token());
        for (String secret : List.of("ensembled-git", "ensembled-forge")) {
            TestCluster.kubectl("create", "secret", "generic", secret, "--namespace", STAGE.namespace())
                    .and("--from-file=password=" + token, "--from-file=token=" + token)
                    .and("--from-file=ca.crt=" + certificate.pem())
                    .run();
        }
        TestCluster.kubectl("patch", "networkpolicy", "ensembled", "--namespace", STAGE.namespace(), "--type=json")
                .and("--patch=[{\"op\":\"add\",\"path\":\"/spec/egress/-\",\"value\":{\"ports\":[{\"port\":" + port
                        + ",\"protocol\":\"TCP\"}]}}]")
                .run();
        TestCluster.kubectl("set", "env", "deployment/ensembled", "--namespace", STAGE.namespace())
                .and("ENSEMBLED_GIT_URI=" + url, "ENSEMBLED_GIT_FORGE_TYPE=gitea")
                .run();
        TestCluster.kubectl("rollout", "status", "deployment/ensembled", "--namespace", STAGE.namespace())
                .run();
    }
}
