package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.kubernetes.client.Selectors;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.zookeeper.SnapshotRequest;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the connections that the daemon needs with the connections that our NetworkPolicies allow, since the test
 * cluster does not enforce NetworkPolicies.
 */
class NetworkPolicyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path K8S = Path.of("../k8s");
    private static final YAMLMapper YAML = new YAMLMapper();

    private final NetworkPolicy policy = read("base/network-policy.yaml", NetworkPolicy.class);

    @Test
    void networkPolicySelectsThePodsOfTheDaemon() throws IOException {
        JsonNode deployment = YAML.readTree(K8S.resolve("base/deployment.yaml").toFile());
        JsonNode kustomization =
                YAML.readTree(K8S.resolve("base/kustomization.yaml").toFile());
        Map<String, String> labels = Stream.of(
                        deployment.at("/spec/template/metadata/labels"), kustomization.at("/labels/0/pairs"))
                .flatMap(node -> node.properties().stream())
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, field -> field.getValue().asText()));

        assertThat(Selectors.select(policy.getSpec().getPodSelector(), labels)).isTrue();
        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
    }

    @Test
    void daemonReachesServersAtEveryPortThatItUses() throws JsonProcessingException {
        // Given the rendered pods of an ensemble
        EnsembleSpec spec = JSON.readValue("{\"version\":\"3.9.5\",\"voters\":3}", EnsembleSpec.class);
        Desired desired = Desired.of(new EnsembleId("streaming", "kafka-zk"), spec, 1);
        Map<String, String> labels = Manifests.of(desired).objects().stream()
                .filter(StatefulSet.class::isInstance)
                .map(set -> ((StatefulSet) set)
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .findFirst()
                .orElseThrow();
        int client = new ObjectNames(desired.id()).endpoint(1).clientPort();

        // Then status, sanity test and reconfiguration are allowed, and so is the snapshot before an upgrade
        assertThat(reaches(client, labels)).isTrue();
        assertThat(reaches(SnapshotRequest.DEFAULT_PORT, labels)).isTrue();
        // And no other ports of these pods, nor these ports of other pods
        assertThat(reaches(2888, labels)).isFalse();
        assertThat(reaches(SnapshotRequest.DEFAULT_PORT, Map.of("app.kubernetes.io/name", "zookeeper")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"53, UDP", "53, TCP", "443, TCP", "6443, TCP", "22, TCP"})
    void daemonReachesDnsTheApiServerAndGitAnywhere(int port, String protocol) {
        assertThat(policy.getSpec().getEgress())
                .anyMatch(rule -> rule.getTo().isEmpty() && names(rule.getPorts(), port, protocol));
    }

    @Test
    void daemonIsReachedByProbesOnlyUnlessOpened() throws IOException {
        assertThat(policy.getSpec().getIngress()).isEmpty();

        JsonNode component = YAML.readTree(
                K8S.resolve("components/open-http/kustomization.yaml").toFile());
        JsonNode patch =
                YAML.readTree(component.at("/patches/0/patch").asText()).get(0);
        JsonNode deployment = YAML.readTree(K8S.resolve("base/deployment.yaml").toFile());
        assertThat(patch.path("path").asText()).isEqualTo("/spec/ingress/-");
        assertThat(patch.at("/value/from/0/namespaceSelector/matchLabels")).isNotEmpty();
        assertThat(patch.at("/value/ports/0/port").asInt())
                .isEqualTo(deployment
                        .at("/spec/template/spec/containers/0/ports/0/containerPort")
                        .asInt());
    }

    @Test
    void metricsAreOpenedToNamespacesOfTheirOwnLabel() throws IOException {
        Path directory = K8S.resolve("components/metrics");
        JsonNode component =
                YAML.readTree(directory.resolve("kustomization.yaml").toFile());
        JsonNode monitor =
                YAML.readTree(directory.resolve("service-monitor.yaml").toFile());
        JsonNode rule = YAML.readTree(component.at("/patches/0/patch").asText()).get(0);
        JsonNode service = YAML.readTree(K8S.resolve("base/service.yaml").toFile());

        assertThat(component.at("/configMapGenerator/0/literals/0").asText())
                .isEqualTo("ENSEMBLED_METRICS_NETWORK=true");
        assertThat(rule.path("path").asText()).isEqualTo("/spec/ingress/-");
        assertThat(rule.at("/value/from/0/namespaceSelector/matchLabels").properties())
                .hasSize(1);
        assertThat(rule.at("/value/ports/0/port").asInt())
                .isEqualTo(service.at("/spec/ports/0/port").asInt());
        assertThat(monitor.at("/spec/endpoints/0/port").asText())
                .isEqualTo(service.at("/spec/ports/0/name").asText());
    }

    /** The port for webhooks is reachable through its own Service only, and nothing else is through this Service. */
    @Test
    void webhooksHaveAPortAServiceAndARuleOfTheirOwn() throws IOException {
        Path directory = K8S.resolve("components/webhooks");
        JsonNode component =
                YAML.readTree(directory.resolve("kustomization.yaml").toFile());
        JsonNode service = YAML.readTree(directory.resolve("service.yaml").toFile());
        JsonNode rule = YAML.readTree(component.at("/patches/0/patch").asText()).get(0);
        JsonNode container =
                YAML.readTree(component.at("/patches/1/patch").asText()).get(0).path("value");
        String setting = component.at("/configMapGenerator/0/literals/0").asText();

        int port = container.path("containerPort").asInt();
        assertThat(setting).isEqualTo("ENSEMBLED_WEBHOOK_PORT=" + port);
        assertThat(rule.path("path").asText()).isEqualTo("/spec/ingress/-");
        assertThat(rule.at("/value/from/0/namespaceSelector/matchLabels")).isNotEmpty();
        assertThat(rule.at("/value/ports")).hasSize(1);
        assertThat(rule.at("/value/ports/0/port").asInt()).isEqualTo(port);
        assertThat(service.at("/spec/ports")).hasSize(1);
        assertThat(service.at("/spec/ports/0/targetPort").asText())
                .isEqualTo(container.path("name").asText());
        JsonNode base = YAML.readTree(K8S.resolve("base/service.yaml").toFile());
        assertThat(service.at("/spec/selector")).isEqualTo(base.at("/spec/selector"));
        assertThat(base.at("/spec/ports")).hasSize(1);
        assertThat(base.at("/spec/ports/0/port").asInt()).isNotEqualTo(port);
    }

    private boolean reaches(int port, Map<String, String> labels) {
        return policy.getSpec().getEgress().stream()
                .filter(rule -> names(rule.getPorts(), port, "TCP"))
                .anyMatch(rule -> selects(rule, labels));
    }

    /** In any namespace. */
    private static boolean selects(NetworkPolicyEgressRule rule, Map<String, String> labels) {
        return rule.getTo().isEmpty()
                || rule.getTo().stream()
                        .anyMatch(peer -> new LabelSelector().equals(peer.getNamespaceSelector())
                                && Selectors.select(peer.getPodSelector(), labels));
    }

    private static boolean names(List<NetworkPolicyPort> ports, int port, String protocol) {
        return ports.stream()
                .anyMatch(allowed -> allowed.getPort().getIntVal() == port
                        && allowed.getProtocol().equals(protocol));
    }

    private static <T> T read(String file, Class<T> type) {
        try {
            return YAML.readValue(K8S.resolve(file).toFile(), type);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
