package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.EvictionWebhook;
import dev.ensembled.e2e.harness.Freeze;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.PodHistory.Takedown;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scenarios 3 and 4: a roll that must not continue stops, reports why, and continues when its gate opens. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BlockedRollIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Stage STAGE = new Stage("blocked");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("solr", 3);
        ensemble = STAGE.create(file);
    }

    @Test
    @Order(2)
    void rolloutWaitsForABudgetAndContinuesWhenItIsLifted() {
        // Given a disruption budget of another owner that allows no disruption
        Instant start = Instant.now();
        Freeze freeze = Freeze.of(STAGE, ensemble);
        // When a change is pushed
        String commit = STAGE.push(file.maxClientConnections(81));
        // Then the status names the gate and the budget, and nothing restarts
        await("blocked").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(ensemble.status("rollout", "gate")).isEqualTo("budget");
            assertThat(ensemble.status("rollout", "reason")).contains(Freeze.NAME);
        });
        STAGE.nothingRestartsFor(Duration.ofSeconds(8), ensemble);
        assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        // When the budget is relaxed
        freeze.lift();
        // Then the roll continues without a person
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
        assertThat(ensemble.everyServerHas("maxClientCnxns", "81")).isTrue();
    }

    @Test
    @Order(1)
    void rolloutStopsAtTheFirstPodOfABadImageAndARevertHeals() {
        // When an image that does not exist is pushed
        Instant start = Instant.now();
        Map<String, String> uids = ensemble.pods().uids();
        STAGE.push(file.with("image: docker.io/library/zookeeper:no-such-version"));
        // Then the ensemble stalls with one pod down, and names the image
        await("stalled").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(ensemble.condition("Stalled")).isEqualTo("True");
            assertThat(ensemble.status("rollout", "reason")).contains("no-such-version");
        });
        Takedown first = ensemble.pods().since(start).takedowns().get(0);
        STAGE.nothingRestartsFor(Duration.ofSeconds(5), ensemble);
        assertThat(ensemble.pods().since(start).order()).containsExactly(first.pod());
        // When the commit is reverted
        String commit = STAGE.push(file);
        STAGE.awaitSettled(ensemble, commit);
        // Then only that pod was replaced; the UIDs of the others are unchanged
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.order()).containsExactly(first.pod(), first.pod());
        uids.remove(first.pod());
        assertThat(ensemble.pods().uids()).containsAllEntriesOf(uids);
    }

    @Test
    @Order(3)
    void rolloutWaitsForAFailingWebhookAndContinuesWithoutIt() throws Exception {
        Instant start = Instant.now();
        String commit;
        try (EvictionWebhook webhook = new EvictionWebhook(STAGE.client(), STAGE.namespace(), "not during the sale")) {
            // When a change is pushed that an admission webhook refuses, then the status contains the webhook's message
            commit = STAGE.push(file.maxClientConnections(82));
            assertThat(STAGE.awaitGate(ensemble, commit, "eviction-refused")).contains("not during the sale");
            STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
            // When the webhook does not answer, then the status reports that
            webhook.die();
            await("the webhook is named").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            ensemble.status("rollout", "reason"))
                    .contains("failed calling webhook", "evictions.example.com"));
            STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        }
        // When the webhook is removed, then the roll continues without a person
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
    }
}
