package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.VolumeSizes;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The resource on its way to the API server and back. */
class RoundTripTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    private static ZooKeeperEnsemble resource(String text) {
        return Specs.read(text).ensembles().get(0).resource();
    }

    @Test
    void storedSpecEqualsTheSpecThatWasRead() {
        ZooKeeperEnsemble resource = resource(Specs.FULL);

        ZooKeeperEnsemble back = serialization.unmarshal(serialization.asJson(resource), ZooKeeperEnsemble.class);

        assertThat(back.getSpec()).isEqualTo(resource.getSpec());
        assertThat(back.getMetadata()).isEqualTo(resource.getMetadata());
    }

    @Test
    void storedSpecCanBeReadAsAFileAgain() {
        ZooKeeperEnsemble resource = resource(Specs.FULL);

        ParsedCommit again = Specs.read(serialization.asYaml(resource));

        assertThat(again.violations()).isEmpty();
        assertThat(again.ensembles().get(0).resource().getSpec()).isEqualTo(resource.getSpec());
    }

    @Test
    void storedSpecHasNoDefaultsAndNoNulls() {
        String json = serialization.asJson(resource(Specs.minimal("kafka")));

        assertThat(serialization.unmarshal(json, JsonNode.class))
                .isEqualTo(serialization.unmarshal(
                        """
                        {"apiVersion": "ensembled.dev/v1alpha1", "kind": "ZooKeeperEnsemble",
                         "metadata": {"name": "kafka", "namespace": "zookeeper"},
                         "spec": {"version": "3.9.5", "image": "docker.io/library/zookeeper:3.9.5", "voters": 3}}
                        """,
                        JsonNode.class));
    }

    @Test
    void storedSpecOmitsFieldsThatEqualTheirDefault() {
        String defaults =
                """
                observers: 0
                jvm: {heap: 512Mi, options: []}
                budget: {maxUnavailable: 1}
                rollout:
                  {paused: false, settle: 5s, progressDeadline: 5m, soak: 60s, windows: [], approval: None, handOffLeader: false}
                deletionPolicy: Orphan
                allow: {evenVoters: false, manyVoters: false, downgrade: false}
                credentials: {rotation: 0}
                """;

        assertThat(serialization.asJson(resource(Specs.with(defaults))))
                .isEqualTo(serialization.asJson(resource(Specs.minimal("kafka-zk"))));
    }

    @Test
    void metricsThatAreTurnedOnWithoutAPortStayTurnedOn() {
        ZooKeeperEnsemble resource = resource(Specs.with("metrics: {}"));

        assertThat(serialization.convertValue(resource, JsonNode.class).at("/spec/metrics/port"))
                .hasToString("7000");
        assertThat(serialization
                        .unmarshal(serialization.asJson(resource), ZooKeeperEnsemble.class)
                        .getSpec())
                .isEqualTo(resource.getSpec());
    }

    @Test
    void storedDurationsMatchTheSchema() {
        JsonNode rollout = serialization
                .convertValue(resource(Specs.with("rollout: {settle: 90s}")), JsonNode.class)
                .at("/spec/rollout");

        assertThat(rollout.get("settle").asText()).isEqualTo("1m30s");
        assertThat(rollout.get("progressDeadline").asText()).isEqualTo("5m");
    }

    @Test
    void settingsAppliedAsNumbersAndBooleansAreRead() {
        EnsembleSpec spec = serialization.unmarshal(
                """
                {"version": "3.9.5", "voters": 3, "futureField": {},
                 "config": {"tickTime": 2000, "admin.enableServer": true, "ratio": 0.5, "text": "x"}}
                """,
                EnsembleSpec.class);

        assertThat(spec.config())
                .containsEntry("tickTime", "2000")
                .containsEntry("admin.enableServer", "true")
                .containsEntry("ratio", "0.5")
                .containsEntry("text", "x");
    }

    @Test
    void theStatusComesBackAsItWasWritten() {
        EnsembleStatus status = new EnsembleStatus(
                3L,
                List.of(new Condition("Ready", "True", "Settled", "all serve", "2026-01-01T00:00:00Z", 3L)),
                2,
                "100000000",
                List.of(1, 2, 3),
                List.of(),
                false,
                List.of(
                        new MemberStatus(1, "kafka-0", "follower", "0x1", "r1", true, null),
                        new MemberStatus(2, "kafka-1", "leader", "0x1", "r1", true, null, "tickTime is 3000", "uid-2")),
                new RolloutStatus(null, "settle", "member 1 settles", "2026-01-01T00:00:00Z", 2),
                "abc",
                Memory.NOTHING.bootstrapping(3, 0).handled("2026-01-01").snapshotTakenFor("3.9.5"),
                0L,
                new VolumeSizes("10Gi", "512Mi"),
                new SourceStatus("c0ffee", "kafka.yaml", "Synced", null));

        String json = serialization.asJson(status);

        assertThat(serialization.unmarshal(json, EnsembleStatus.class)).isEqualTo(status);
        assertThat(json).doesNotContain("null");
    }

    @Test
    void emptyMemoryIsNotWrittenIntoTheStatus() {
        String json = serialization.asJson(EnsembleStatus.empty());

        assertThat(json).doesNotContain("memory");
        assertThat(serialization.unmarshal(json, EnsembleStatus.class).memory()).isEqualTo(Memory.NOTHING);
    }
}
