package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.desired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.file.UnreadableFileException;
import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the state directory that a full disk or a power failure has damaged, while a real server runs. */
class DamagedFilesTest {
    @TempDir
    Path dir;

    private LocalEnsemble ensemble;

    @BeforeEach
    void open() throws IOException {
        ensemble = new LocalEnsemble(dir);
    }

    @AfterEach
    void endEveryServer() throws IOException {
        ensemble.close();
        assertThat(ProcessRecord.runningBelow(dir.resolve("servers"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]", "{\"target\": {", "{\"target\": {}}"})
    void truncatedOrEmptyFileIsNamedAndLeftUnchanged(String content) throws Exception {
        Path file = dir.resolve("applied.json");
        Files.writeString(file, content);

        assertThatThrownBy(() -> new JsonFile(file, "Do this").read(AppliedConfiguration.class))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith(file + " cannot be read: ")
                .hasMessageEndingWith(". Do this");
        assertThat(file).hasContent(content);
    }

    @Test
    void truncatedTargetStopsNoServerAndIsFixedByItsRemoval() throws Exception {
        Desired desired = desired(1, 0, Map.of());
        ensemble.settle(desired);
        long pid = ensemble.platform().pids(ID).get(1);
        Path file = dir.resolve("servers/streaming/kafka/applied.json");
        damageWhileAway(file, "{\"target\": ");

        assertThatThrownBy(() -> ensemble.observe(desired))
                .isInstanceOf(RetryLaterException.class)
                .hasMessageContaining(file + " cannot be read")
                .hasMessageContaining("Restore or delete it");
        assertThat(ensemble.platform().pids(ID)).containsEntry(1, pid);

        Files.delete(file);
        ensemble.drive(result -> result.decision() instanceof Decision.Done);
        assertThat(ensemble.platform().pids(ID)).containsEntry(1, pid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"servers/streaming/kafka/1/process.json", "ports.json"})
    void truncatedOrLostRecordHidesNoServer(String name) throws Exception {
        Desired desired = desired(1, 0, Map.of());
        Observed before = ensemble.settle(desired);
        long pid = ensemble.platform().pids(ID).get(1);

        for (String content : List.of("{\"uid", "{}", "lost")) {
            damageWhileAway(dir.resolve(name), content);

            assertThat(ensemble.platform().pids(ID)).as(content).containsEntry(1, pid);
            assertThat(ensemble.observe(desired).connectString()).isEqualTo(before.connectString());
            assertThat(ProcessRecord.runningBelow(dir.resolve("servers"))).hasSize(1);
        }
        ensemble.drive(result -> result.decision() instanceof Decision.Done);
    }

    /** Damages a file while the servers run without a daemon. */
    private void damageWhileAway(Path file, String content) throws IOException {
        ensemble.platform().close();
        if (content.equals("lost")) {
            Files.delete(file);
        } else {
            Files.writeString(file, content);
        }
        ensemble.reopen();
    }
}
