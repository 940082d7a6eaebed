package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.observed.Instance;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Managed fields as Kubernetes 1.34 with a mutating webhook recorded them, with their times. */
class InstancesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "docker.io/library/zookeeper:3.9.5";
    private static final String OWNS_ALL =
            """
            {"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:controller-revision-hash":{}}},
             "f:spec":{"f:containers":{"k:{\\"name\\":\\"zookeeper\\"}":{".":{},"f:command":{},"f:image":{},"f:name":{}}}}}
            """;
    private static final String OWNS_ALL_BUT_THE_IMAGE = OWNS_ALL.replace("\"f:image\":{},", "");
    private static final String OWNS_THE_IMAGE =
            """
            {"f:spec":{"f:containers":{"k:{\\"name\\":\\"zookeeper\\"}":{"f:image":{}}}}}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"kube-controller-manager", "k3s", "kubelite", "some-distribution"})
    void imageSetByAWebhookAtCreationIsNoEdit(String creator) throws JsonProcessingException {
        // Given a slow webhook: the pod's creation time is a second after its fields were recorded
        Instance instance = instance("mirror.example/zookeeper:3.9.5", update(creator, "12:59:19", OWNS_ALL));

        assertThat(instance.revision()).isEqualTo("r-1");
        assertThat(instance.aspects()).containsEntry("image", CanonicalJson.digest(TEMPLATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-controller-manager", "k3s"})
    void podThatAnotherSetAdoptedIsNoEdit(String creator) throws JsonProcessingException {
        // Its creator has written again later, so that its entry is much younger than the pod
        assertThat(instance("mirror.example/zookeeper:3.9.5", update(creator, "14:00:00", OWNS_ALL))
                        .revision())
                .isEqualTo("r-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-controller-manager", "k3s"})
    void imageSetAfterCreationIsAnEdit(String creator) throws JsonProcessingException {
        Instance instance = instance(
                "zookeeper:3.9.4",
                update(creator, "12:59:19", OWNS_ALL_BUT_THE_IMAGE) + ","
                        + update("kubectl-set", "12:59:23", OWNS_THE_IMAGE));

        assertThat(instance.revision()).isEqualTo("r-1+edited");
        assertThat(instance.aspects()).containsEntry("image", CanonicalJson.digest("zookeeper:3.9.4"));
    }

    @Test
    void imageAppliedOverTheOriginalIsAnEdit() throws JsonProcessingException {
        String applied = update("somebody", "12:59:28", OWNS_ALL).replace("\"Update\"", "\"Apply\"");

        assertThat(instance("zookeeper:3.9.4", applied + "," + update("k3s", "12:59:25", OWNS_ALL_BUT_THE_IMAGE))
                        .revision())
                .isEqualTo("r-1+edited");
    }

    @Test
    void imageRewrittenByAWebhookDuringOurPermitIsNoEdit() throws JsonProcessingException {
        assertThat(instance(
                                "mirror.example/zookeeper:3.9.5",
                                update("k3s", "12:59:19", OWNS_ALL_BUT_THE_IMAGE) + ","
                                        + update("ensembled", "12:59:30", OWNS_THE_IMAGE))
                        .revision())
                .isEqualTo("r-1");
    }

    @Test
    void podWithoutARecordCountsAsUnedited() throws JsonProcessingException {
        assertThat(instance("mirror.example/zookeeper:3.9.5", "").revision()).isEqualTo("r-1");
    }

    private static String update(String manager, String time, String fields) {
        return """
                {"manager":"%s","operation":"Update","apiVersion":"v1","time":"2026-11-25T%sZ","fieldsType":"FieldsV1",
                 "fieldsV1":%s}
                """
                .formatted(manager, time, fields);
    }

    private static Instance instance(String image, String managedFields) throws JsonProcessingException {
        Pod pod = JSON.readValue(
                """
                {"metadata":{"name":"kafka-zk-0","uid":"u","resourceVersion":"1",
                  "creationTimestamp":"2026-11-25T12:59:20Z","labels":{"controller-revision-hash":"r-1"},
                  "annotations":{"ensembled.dev/aspect-image":"%s"},"managedFields":[%s]},
                 "spec":{"containers":[{"name":"zookeeper","image":"%s"}]}}
                """
                        .formatted(CanonicalJson.digest(TEMPLATE), managedFields, image),
                Pod.class);
        return Instances.of(pod, PodPhase.of(pod, Instant.parse("2026-11-25T13:00:00Z")));
    }
}
