package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the file to the rendered pod template. */
class PodTemplateTest {

    private static JsonNode template(String lines) {
        String text =
                """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: kafka, namespace: streaming}
                spec:
                  version: 3.9.5
                  voters: 3
                """
                        + lines.indent(2);
        ParsedCommit parsed = new SpecReader("default", Set.of()).read(List.of(SourceFile.of("kafka.yaml", text)));
        assertThat(parsed.violations()).isEmpty();
        ZooKeeperEnsemble resource = parsed.ensembles().get(0).resource();
        return CanonicalJson.tree(Manifests.of(Desired.of(resource.id(), resource.getSpec(), 1))
                        .objects()
                        .get(4))
                .at("/spec/template");
    }

    @Test
    void nullOmitsADefaultAndNothingElse() {
        JsonNode before = template("");
        JsonNode after =
                template("podTemplate: {spec: {securityContext: {runAsUser: null, runAsGroup: null, fsGroup: null,"
                        + " fsGroupChangePolicy: null}, containers: [{name: zookeeper, resources: {limits: null}}]}}");

        assertThat(before.at("/spec/securityContext/runAsUser").asInt()).isEqualTo(1000);
        assertThat(after.at("/spec/securityContext").toString())
                .isEqualTo("{\"runAsNonRoot\":true,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
        assertThat(PodTemplate.server(after).path("resources").has("limits")).isFalse();
        assertThat(PodTemplate.server(after).path("resources").path("requests"))
                .isEqualTo(PodTemplate.server(before).path("resources").path("requests"));
        assertThat(PodTemplate.server(after).path("securityContext"))
                .isEqualTo(PodTemplate.server(before).path("securityContext"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec.affinity",
                "spec.affinity.podAntiAffinity",
                "spec.topologySpreadConstraints",
                "spec.terminationGracePeriodSeconds",
                "spec.securityContext.runAsUser",
                "spec.containers[zookeeper].resources",
                "spec.containers[zookeeper].resources.requests.cpu",
                "spec.containers[zookeeper].securityContext.readOnlyRootFilesystem",
            })
    void everyDefaultThatCanBeOmittedIsRendered(String path) {
        JsonNode template = template("podTemplateUnset: ['" + path + "']");

        assertThat(withoutAspects(template)).isNotEqualTo(withoutAspects(template("")));
    }

    private static String withoutAspects(JsonNode template) {
        return template.path("spec").toString();
    }

    @Test
    void valueFromAFileHoldsAlthoughTheDefaultIsOmitted() {
        JsonNode template = template("podTemplateUnset: [spec.securityContext.runAsUser]\n"
                + "podTemplate: {spec: {securityContext: {runAsUser: 5000}}}");

        assertThat(template.at("/spec/securityContext/runAsUser").asInt()).isEqualTo(5000);
    }

    @Test
    void everyContainerMeetsTheRestrictedStandardByDefault() {
        JsonNode template = template("podTemplate: {spec: {initContainers: [{name: a, image: a}], containers:"
                + " [{name: b, image: b, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}, runAsUser: 7}}]}}");

        assertThat(template.at("/spec/initContainers/0/securityContext").toString())
                .isEqualTo("{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]}}");
        assertThat(PodTemplate.entry(template.at("/spec/containers"), "name", "b")
                        .path("securityContext")
                        .toString())
                .isEqualTo("{\"allowPrivilegeEscalation\":false,\"capabilities\":"
                        + "{\"add\":[\"NET_BIND_SERVICE\"],\"drop\":[\"ALL\"]},\"runAsUser\":7}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm: {heap: 2Gi}",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {limits: {memory: 1Gi}}}]}}",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {requests: {memory: 700Mi}}}]}}",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {requests: {cpu: 50m}, limits: {cpu: 60m}}}]}}",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {requests: {cpu: null}, limits: {cpu: 60m}}}]}}",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {requests: {memory: 9Gi}, limits: null}}]}}",
            })
    void renderedRequestsNeverExceedTheirLimits(String lines) {
        JsonNode resources = PodTemplate.server(template(lines)).path("resources");

        resources.path("requests").properties().forEach(request -> {
            JsonNode limit = resources.path("limits").path(request.getKey());
            if (!limit.isMissingNode()) {
                assertThat(Quantity.getAmountInBytes(
                                Quantity.parse(request.getValue().asText())))
                        .as(request.getKey())
                        .isLessThanOrEqualTo(Quantity.getAmountInBytes(Quantity.parse(limit.asText())));
            }
        });
    }
}
