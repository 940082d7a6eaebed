package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.kubernetes.client.Selectors;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The PodMonitor that we ship finds the pods that we render, at the port of their metrics. */
class MetricsDiscoveryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path K8S = Path.of("../k8s");

    private final JsonNode monitor = yaml("components/metrics/pod-monitor.yaml");
    private final JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");

    @Test
    void serversWithMetricsAreFoundInEveryNamespace() throws IOException {
        PodTemplateSpec pod = pod("\"metrics\": {\"port\": 7070}");

        assertThat(monitor.at("/spec/namespaceSelector/any").asBoolean()).isTrue();
        assertThat(Selectors.select(selector(), pod.getMetadata().getLabels())).isTrue();
        assertThat(targets(pod)).containsExactly(7070);
        assertThat(endpoint.path("path").asText())
                .isEqualTo(pod.getMetadata().getAnnotations().get("prometheus.io/path"));
    }

    @Test
    void serversWithoutMetricsAndSidecarsAreNoTargets() throws IOException {
        String sidecar = "\"podTemplate\": {\"spec\": {\"containers\": [{\"name\": \"exporter\", \"image\": \"x\","
                + " \"ports\": [{\"name\": \"metrics\", \"containerPort\": 9141}]}]}}";

        assertThat(targets(pod(sidecar))).isEmpty();
        assertThat(targets(pod(sidecar + ", \"metrics\": {}"))).containsExactly(7000);
    }

    @Test
    void seriesCarryTheEnsembleUnderTheLabelsOfTheDaemon() throws IOException {
        PodTemplateSpec pod = pod("\"metrics\": {}");
        JsonNode ofNamespace = endpoint.at("/relabelings/1");
        JsonNode ofEnsemble = endpoint.at("/relabelings/2");

        assertThat(ofNamespace.path("targetLabel").asText()).isEqualTo("ensemble_namespace");
        assertThat(ofNamespace.at("/sourceLabels/0").asText()).isEqualTo("__meta_kubernetes_namespace");
        assertThat(ofEnsemble.path("targetLabel").asText()).isEqualTo("ensemble");
        // Prometheus replaces what a label name cannot have by underscores
        String label = pod.getMetadata().getLabels().entrySet().stream()
                .filter(each -> ("__meta_kubernetes_pod_label_" + each.getKey().replaceAll("[^A-Za-z0-9]", "_"))
                        .equals(ofEnsemble.at("/sourceLabels/0").asText()))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(label).isEqualTo("kafka-zk");
    }

    @Test
    void componentContainsTheMonitor() {
        JsonNode component = yaml("components/metrics/kustomization.yaml");

        assertThat(component.path("resources"))
                .extracting(JsonNode::asText)
                .contains("service-monitor.yaml", "pod-monitor.yaml");
    }

    /** The ports that the operator's rule for the name of the port, and ours for the container, keep. */
    private List<Integer> targets(PodTemplateSpec pod) {
        JsonNode keep = endpoint.at("/relabelings/0");
        assertThat(keep.path("action").asText()).isEqualTo("keep");
        assertThat(keep.at("/sourceLabels/0").asText()).isEqualTo("__meta_kubernetes_pod_container_name");
        return pod.getSpec().getContainers().stream()
                .filter(container ->
                        container.getName().matches(keep.path("regex").asText()))
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> endpoint.path("port").asText().equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .toList();
    }

    private LabelSelector selector() throws IOException {
        return JSON.treeToValue(monitor.at("/spec/selector"), LabelSelector.class);
    }

    private static PodTemplateSpec pod(String fields) throws IOException {
        EnsembleSpec spec =
                JSON.readValue("{\"version\": \"3.9.5\", \"voters\": 3, " + fields + "}", EnsembleSpec.class);
        Desired desired = Desired.of(new EnsembleId("streaming", "kafka-zk"), spec, 1);
        return Manifests.of(desired).objects().stream()
                .filter(StatefulSet.class::isInstance)
                .map(set -> ((StatefulSet) set).getSpec().getTemplate())
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode yaml(String file) {
        try {
            return new YAMLMapper().readTree(K8S.resolve(file).toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
