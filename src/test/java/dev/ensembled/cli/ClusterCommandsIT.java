package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.KubernetesClients;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands on a real cluster, in which no daemon serves their namespace. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCommandsIT {
    private static final String RESOURCE =
            """
            apiVersion: ensembled.dev/v1alpha1
            kind: ZooKeeperEnsemble
            metadata: {name: kafka}
            spec: {version: 3.9.5, voters: 3, rollout: {approval: Always}}
            """;
    private static final String WAITS =
            """
            {"status": {"observedGeneration": 1, "conditions": [
              {"type": "Ready", "status": "False", "reason": "Approval", "message": "member 2 waits for approval"}],
             "members": [{"id": 2, "name": "kafka-1", "role": "follower", "ready": true}],
             "rollout": {"gate": "approval", "since": "2026-11-27T10:00:00Z", "outdated": 1}}}
            """;

    private final KubernetesClient client = KubernetesClients.of(Config.autoConfigure(null));
    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    void enter() throws IOException {
        try (InputStream definition = Files.newInputStream(Path.of("../k8s/base/crd.yaml"))) {
            client.load(definition)
                    .items()
                    .forEach(item -> client.resource(item).forceConflicts().serverSideApply());
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @BeforeEach
    void create() {
        resource().delete();
        client.load(new ByteArrayInputStream(RESOURCE.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(namespace)
                .create();
        resource().subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), WAITS);
    }

    @AfterAll
    void leave() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    private Resource<GenericKubernetesResource> resource() {
        return client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(namespace)
                .withName("kafka");
    }

    private Map<String, String> annotations() {
        Map<String, String> found = resource().get().getMetadata().getAnnotations();
        return found == null ? Map.of() : found;
    }

    @Test
    void getAndStatusShowTheResource() throws IOException {
        assertThat(CommandRun.of("get", "-n", namespace).out().lines())
                .hasSize(2)
                .last()
                .asString()
                .containsPattern(
                        namespace + " +kafka +False +3.9.5 +Held: approval +member 2 waits for approval +- +\\d+s");
        assertThat(CommandRun.of("get", "-A").out()).contains(namespace);
        assertThat(new ObjectMapper()
                        .readTree(CommandRun.of("get", "kafka", "-n", namespace, "-o", "json")
                                .out())
                        .at("/spec/rollout/approval")
                        .asText())
                .isEqualTo("Always");
        CommandRun status = CommandRun.of("status", "kafka", "-n", namespace);
        assertThat(status.code()).as(status.err()).isZero();
        assertThat(status.out())
                .startsWith(namespace + "/kafka: Held: approval\n")
                .contains("command     ensembled approve kafka -n " + namespace);
        assertThat(CommandRun.of("status", "kafka", "-n", namespace, "--wait").code())
                .isEqualTo(3);
    }

    @Test
    void requestsAreAnnotationsThatTheApiServerKnowsTheAuthorOf() {
        assertThat(CommandRun.of("approve", "kafka", "-n", namespace, "--members", "2")
                        .out())
                .isEqualTo("approved: restarts of member 2 of " + namespace + "/kafka, for generation 1\n");
        assertThat(CommandRun.of("reconcile", "kafka", "-n", namespace).code()).isZero();
        CommandRun paused = CommandRun.of("pause", "kafka", "-n", namespace, "--reason", "audit");
        assertThat(paused.code()).as(paused.err()).isZero();

        assertThat(annotations())
                .containsEntry("ensembled.dev/approve", "1:2")
                .containsKey("ensembled.dev/reconcile-now")
                .hasEntrySatisfying(
                        "ensembled.dev/paused", value -> assertThat(value).containsPattern("^\\S.* at 20.*Z: audit$"));
        assertThat(resource().get().getMetadata().getManagedFields())
                .anySatisfy(entry -> assertThat(entry.getManager()).isEqualTo("ensembled-cli"));

        assertThat(CommandRun.of("resume", "kafka", "-n", namespace).out()).startsWith("resumed: ");
        assertThat(annotations()).doesNotContainKey("ensembled.dev/paused").containsKey("ensembled.dev/approve");
    }

    @Test
    void errorsNameTheClusterAndWhatToDo() {
        String address = client.getMasterUrl().toString();

        assertThat(CommandRun.of("status", "solr", "-n", namespace).err())
                .contains("no ensemble solr in namespace " + namespace + " of the cluster " + address)
                .contains("ensembled get -A");
        assertThat(CommandRun.of("get", "--context", "nowhere").err()).contains("has no context nowhere");
    }
}
