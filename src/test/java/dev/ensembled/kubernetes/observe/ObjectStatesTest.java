package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.HandClock;
import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.ObjectVersion;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectStatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectNames NAMES = new ObjectNames(new EnsembleId("streaming", "kafka-zk"));
    private static final String IMAGE_OF =
            "{\"f:spec\":{\"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"zookeeper\\\"}\":{\".\":{},\"f:image\":{}}}}}}}";

    private final DriftConflict contest = new DriftConflict(new HandClock(Instant.EPOCH));
    private final List<PersistentVolumeClaim> claims = new ArrayList<>();
    private final List<ConfigMap> configMaps = new ArrayList<>();
    private Manifests wanted;
    private StatefulSet set;

    @BeforeEach
    void asApplied() throws JsonProcessingException {
        EnsembleSpec spec = JSON.readValue("{\"version\":\"3.9.5\",\"voters\":3}", EnsembleSpec.class);
        wanted = Manifests.of(Desired.of(NAMES.id(), spec, 1));
        set = of(StatefulSet.class).get(0);
        configMaps.addAll(of(ConfigMap.class));
    }

    @Test
    void claimWithoutTheOptOutOfPruningIsOutdated() {
        claims.add(claim("data-kafka-zk-0", Map.of()));
        claims.add(claim("data-kafka-zk-1", OptOut.OF_OBJECTS));
        claims.add(claim("somebody-elses", Map.of()));

        assertThat(notCurrent())
                .containsExactly(new ObjectState(
                        "PersistentVolumeClaim",
                        "data-kafka-zk-0",
                        State.OUTDATED,
                        List.of("metadata.annotations"),
                        ""));
    }

    @Test
    void configMapOfOlderPodsWithoutTheOptOutIsOutdated() {
        configMaps.add(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("kafka-zk-config-older")
                .withUid("u")
                .endMetadata()
                .build());

        assertThat(notCurrent())
                .extracting(ObjectState::label, ObjectState::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ConfigMap/kafka-zk-config-older", State.OUTDATED));
    }

    @Test
    void managerThatKeepsRemovingTheOptOutIsNamed() {
        PersistentVolumeClaim claim = claim("data-kafka-zk-0", Map.of());
        claims.add(claim);
        for (int i = 0; i < DriftConflict.REPAIRS; i++) {
            contest.repaired(RecentWrites.key(NAMES, claim));
        }

        assertThat(notCurrent()).extracting(ObjectState::state).containsExactly(State.DRIFT_CONFLICT);
    }

    @Test
    void webhookChangeOfThePodTemplateIsNoDrift() throws JsonProcessingException {
        set = rewritten("ensembled", "Apply");

        assertThat(notCurrent()).isEmpty();
    }

    @Test
    void manualChangeOfThePodTemplateIsDrift() throws JsonProcessingException {
        set = rewritten("kubectl-set", "Update");

        assertThat(notCurrent())
                .containsExactly(new ObjectState(
                        "StatefulSet",
                        "kafka-zk",
                        State.DRIFTED,
                        List.of("spec.template.spec.containers[zookeeper].image"),
                        "kubectl-set"));
    }

    @Test
    void webhookThatChangesTheUpdateStrategyIsDrift() throws JsonProcessingException {
        ObjectNode tree = CanonicalJson.tree(set).deepCopy();
        tree.withObject("/spec/updateStrategy").put("type", "RollingUpdate");
        set = owned(tree, "ensembled", "Apply", "{\"f:spec\":{\"f:updateStrategy\":{\"f:type\":{}}}}");

        assertThat(notCurrent()).extracting(ObjectState::state).containsExactly(State.DRIFTED);
    }

    private StatefulSet rewritten(String manager, String operation) throws JsonProcessingException {
        ObjectNode tree = CanonicalJson.tree(set).deepCopy();
        ((ObjectNode) tree.at("/spec/template/spec/containers/0")).put("image", "mirror.example/zookeeper:3.9.5");
        return owned(tree, manager, operation, IMAGE_OF);
    }

    private static StatefulSet owned(ObjectNode tree, String manager, String operation, String fields)
            throws JsonProcessingException {
        tree.withObject("/metadata")
                .withArray("/managedFields")
                .addObject()
                .put("manager", manager)
                .put("operation", operation)
                .put("time", "2026-11-25T12:59:19Z")
                .set("fieldsV1", JSON.readTree(fields));
        return JSON.treeToValue(tree, StatefulSet.class);
    }

    private List<ObjectState> notCurrent() {
        EnsembleObjects live = new EnsembleObjects(
                configMaps, of(Service.class), of(PodDisruptionBudget.class), Optional.of(set), List.of(), claims);
        return new ObjectStates(NAMES, live, true, false, contest)
                .of(wanted).stream()
                        .filter(state -> state.state() != State.CURRENT)
                        .map(state -> state.in(ObjectVersion.NONE))
                        .toList();
    }

    private <T extends HasMetadata> List<T> of(Class<T> kind) {
        return wanted.objects().stream()
                .filter(kind::isInstance)
                .map(ObjectStatesTest::copy)
                .map(kind::cast)
                .toList();
    }

    private static HasMetadata copy(HasMetadata object) {
        JsonNode tree = CanonicalJson.tree(object);
        try {
            return JSON.treeToValue(tree, object.getClass());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PersistentVolumeClaim claim(String name, Map<String, String> annotations) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("u-" + name)
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }
}
