package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.local.LocalPlatform;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.zookeeper.ZooKeeperSanityTest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends the servers of an ensemble, with a real server. */
class LocalRuntimeTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final SourceStatus SOURCE = new SourceStatus("abc", "kafka.yaml", "Synced", null);

    @TempDir
    Path dir;

    private LocalRuntime runtime;

    @BeforeEach
    void open() throws Exception {
        runtime = new LocalRuntime(dir, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void onlyARemovalEndsServersAlsoAfterAKilledDaemon() throws Exception {
        ProcessHandle server = ProcessHandle.of(form()).orElseThrow();

        Files.delete(dir.resolve("store/streaming.kafka.json"));
        runtime.gone(ID);
        assertThat(server.isAlive()).isTrue();

        assertThat(form()).isEqualTo(server.pid());
        runtime.store().remove(ID, SOURCE);
        ((LocalPlatform) runtime.platform()).close();
        runtime = new LocalRuntime(dir, Clock.systemUTC());

        assertThat(runtime.pids(ID)).isEmpty();
        server.onExit().get(60, TimeUnit.SECONDS); // it was killed; the system reaps it later
        assertThat(dir.resolve("store")).isEmptyDirectory();
    }

    private long form() throws Exception {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ID.namespace())
                .withName(ID.name())
                .build());
        resource.setSpec(LocalEnsemble.spec(1, 0, Map.of()));
        runtime.store().accept(resource, SOURCE);
        ReconcileCycle cycle = new ReconcileCycle(
                runtime.store(),
                runtime.platform(),
                new ZooKeeperSanityTest(runtime::superPasswords),
                Clock.systemUTC());
        long end = System.nanoTime() + 50_000_000_000L;
        while (cycle.run(ID)
                .filter(result -> result.decision() instanceof Decision.Done)
                .isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
        return runtime.pids(ID).get(1);
    }
}
