package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scenario 7: an error in a commit affects only the ensemble that it is about, and removes nothing. */
class SourceIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Stage STAGE = new Stage("source");

    private static EnsembleFile hbase;
    private static EnsembleFile pinot;
    private static Ensemble hbaseEnsemble;
    private static Ensemble pinotEnsemble;

    @BeforeAll
    static void create() {
        hbase = STAGE.file("hbase", 1).with("deletionPolicy: Delete");
        pinot = STAGE.file("pinot", 1);
        hbaseEnsemble = STAGE.create(hbase);
        pinotEnsemble = STAGE.create(pinot);
    }

    @AfterEach
    void repair() {
        STAGE.repository().write(hbase.path(), hbase.yaml());
        STAGE.push(pinot);
        await("repaired").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(hbaseEnsemble.status("source", "state")).isEqualTo("Synced");
            assertThat(pinotEnsemble.status("source", "state")).isEqualTo("Synced");
            assertThat(pinotEnsemble.condition("Ready")).isEqualTo("True");
        });
    }

    @Test
    void anInvalidFileHoldsItsOwnEnsembleAndTheOtherGoesOn() {
        // When a commit breaks one file and changes another
        Map<String, String> uids = pinotEnsemble.pods().uids();
        STAGE.repository().write(pinot.path(), pinot.yaml().replace("voters: 1", "voters: many"));
        String commit = STAGE.push(hbase.maxClientConnections(91));
        // Then the valid file is rolled out
        STAGE.awaitSettled(hbaseEnsemble, commit);
        assertThat(hbaseEnsemble.everyServerHas("maxClientCnxns", "91")).isTrue();
        // And the other ensemble stays as it was, and reports where the error is
        await("held").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(pinotEnsemble.status("source", "state")).isEqualTo("Held");
            assertThat(pinotEnsemble.status("source", "message")).contains(pinot.path() + ":8", "voters");
        });
        assertThat(pinotEnsemble.pods().uids()).isEqualTo(uids);
    }

    @Test
    void aRemovedFileLeavesItsEnsembleRunningAsAnOrphan() {
        // When the file of an ensemble leaves the repository
        Map<String, String> uids = pinotEnsemble.pods().uids();
        STAGE.repository().remove(pinot.path());
        STAGE.push(hbase);
        // Then the ensemble is orphaned, and runs
        await("orphaned").atMost(TIMEOUT).untilAsserted(() -> assertThat(pinotEnsemble.status("source", "state"))
                .isEqualTo("Orphaned"));
        STAGE.nothingRestartsFor(Duration.ofSeconds(5), pinotEnsemble);
        assertThat(pinotEnsemble.pods().uids()).isEqualTo(uids);
        assertThat(pinotEnsemble.servesAtNewestRevision()).isTrue();
    }

    @Test
    void emptiedRepositoryRemovesNotEvenDeletableEnsembles() {
        // When all ensembles are removed from the repository at once
        Map<String, String> hbaseUids = hbaseEnsemble.pods().uids();
        Map<String, String> pinotUids = pinotEnsemble.pods().uids();
        STAGE.repository().remove("ensembles").push("Oops");
        STAGE.daemon().hint();
        // Then both wait for a confirmation, and both run
        await("reported").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(pinotEnsemble.status("source", "state")).isEqualTo("RemovalPending");
            assertThat(hbaseEnsemble.status("source", "state")).isEqualTo("RemovalPending");
            assertThat(hbaseEnsemble.condition("RemovalPending")).isEqualTo("True");
        });
        STAGE.nothingRestartsFor(Duration.ofSeconds(5), hbaseEnsemble);
        assertThat(hbaseEnsemble.pods().uids()).isEqualTo(hbaseUids);
        assertThat(pinotEnsemble.pods().uids()).isEqualTo(pinotUids);
        assertThat(hbaseEnsemble.servesAtNewestRevision()).isTrue();
    }
}
