package dev.ensembled.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The event of a commit that changes an ensemble of real servers. */
@Timeout(180)
class PlannedEventsTest {
    private static final String COMMIT = "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567";

    @TempDir
    Path dir;

    private LocalEnsemble ensemble;
    private PlannedEvents events;

    @BeforeEach
    void open() throws Exception {
        ensemble = new LocalEnsemble(dir);
        events = new PlannedEvents(ensemble.store(), Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        events.close();
        ensemble.close();
    }

    private void accept(Map<String, String> config, String commit) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(LocalEnsemble.ID.namespace())
                .withName(LocalEnsemble.ID.name())
                .build());
        resource.setSpec(LocalEnsemble.spec(3, 0, config));
        new AnnouncingStore(ensemble.store(), events)
                .accept(resource, new SourceStatus(commit, "kafka.yaml", "Synced", null));
    }

    private void drive() throws InterruptedException {
        ensemble.drive(result -> {
            events.seen(LocalEnsemble.ID, result);
            return result.decision() instanceof Decision.Done;
        });
    }

    private List<String> planned() {
        return ensemble.store().events().of(LocalEnsemble.ID).stream()
                .map(published -> published.event())
                .filter(event -> event.reason().equals("Planned"))
                .map(EnsembleEvent::message)
                .toList();
    }

    private List<String> restarted() {
        return ensemble.store().events().of(LocalEnsemble.ID).stream()
                .filter(published -> published.event().reason().equals("RestartingMember"))
                .map(published -> published.event().message().replaceAll("^restart member (\\d+).*", "$1"))
                .toList();
    }

    @Test
    void acceptedChangeIsAnnouncedOnceWithTheRestartsThatFollow() throws Exception {
        accept(Map.of("maxClientCnxns", "200"), "f1rst");
        drive();
        assertThat(planned()).as("a created ensemble changes nothing").isEmpty();

        accept(Map.of("maxClientCnxns", "201"), COMMIT);
        drive();

        List<String> order = restarted();
        assertThat(planned())
                .containsExactly("commit 1a2b3c4d5e: 3 restarts (" + order.get(0) + ", " + order.get(1)
                        + ", then leader " + order.get(2) + "); config.maxClientCnxns 200 -> 201");
        // A push that changes no spec is not announced
        accept(Map.of("maxClientCnxns", "201"), "an0ther");
        drive();
        assertThat(planned()).hasSize(1);
    }
}
