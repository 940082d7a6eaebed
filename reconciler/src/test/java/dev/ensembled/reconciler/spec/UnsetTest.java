package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Violation;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A null in a pod template removes a default of ensembled, or is refused; it is never dropped without notice. */
class UnsetTest {
    private static final String OPENSHIFT =
            "podTemplate: {spec: {securityContext: {runAsUser: null, runAsGroup: ~, fsGroup: }, containers:"
                    + " [{name: exporter, image: a}, {name: zookeeper, resources: {limits: {memory: null}}}]}}";

    private static EnsembleSpec spec(String lines) {
        ParsedCommit parsed = Specs.read(Specs.with(lines));
        assertThat(parsed.violations()).isEmpty();
        return parsed.ensembles().get(0).resource().getSpec();
    }

    @Test
    void nullIsReadAsAnOmittedDefault() {
        assertThat(spec(OPENSHIFT).podTemplateUnset())
                .containsExactly(
                        "spec.containers[zookeeper].resources.limits.memory",
                        "spec.securityContext.fsGroup",
                        "spec.securityContext.runAsGroup",
                        "spec.securityContext.runAsUser");
        assertThat(spec("observers: 1").podTemplateUnset()).isEmpty();
    }

    @Test
    void omitDefaultsFieldEqualsTheNulls() {
        assertThat(spec("podTemplateUnset: [spec.securityContext.runAsUser, spec.affinity, spec.affinity]")
                        .podTemplateUnset())
                .isEqualTo(spec("podTemplate: {spec: {affinity: null, securityContext: {runAsUser: null}}}")
                        .podTemplateUnset());
    }

    @Test
    void omittedDefaultsSurviveTheStore() {
        KubernetesSerialization serialization = new KubernetesSerialization();
        ZooKeeperEnsemble resource =
                Specs.read(Specs.with(OPENSHIFT)).ensembles().get(0).resource();

        String stored = serialization.asJson(resource);

        assertThat(serialization.unmarshal(stored, JsonNode.class).at("/spec/podTemplateUnset"))
                .hasSize(4);
        assertThat(serialization.unmarshal(stored, ZooKeeperEnsemble.class).getSpec())
                .isEqualTo(resource.getSpec());
        assertThat(Specs.read(serialization.asYaml(resource))
                        .ensembles()
                        .get(0)
                        .resource()
                        .getSpec())
                .isEqualTo(resource.getSpec());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "podTemplate: {spec: {nodeSelector: null}} | 7:38: spec.podTemplate.spec.nodeSelector: there is no default that can be removed",
                "podTemplate: {spec: {hostname: null}}     | spec.podTemplate.spec.hostname: there is no default",
                "podTemplate: {spec: null}                 | spec.podTemplate.spec: there is no default",
                "podTemplate: {metadata: {labels: ~}}      | spec.podTemplate.metadata.labels: there is no default",
                "podTemplate: {spec: {tolerations: [~]}}   | spec.podTemplate.spec.tolerations[0]: there is no default",
                "podTemplate: {spec: {volumes: [{name: x, emptyDir: }]}} | spec.podTemplate.spec.volumes[0].emptyDir: there is no default",
                "podTemplate: {spec: {securityContext: null}} | set each field to remove to null",
                "podTemplate: {spec: {automountServiceAccountToken: null}} | must be true or false",
                "podTemplate: {spec: {containers: [{name: zookeeper, image: null}]}} | containers[0].image: there is no default",
                "podTemplate: {spec: {containers: [{name: zookeeper, env: [{name: A, value: }]}]}} | env[0].value: there is no default",
                "podTemplate: {spec: {containers: [{name: a, image: a, resources: null}]}} | containers[0].resources: there is no default",
                "podTemplate: {spec: {securityContext: {runAsNonRoot: null}}} | cannot be removed: the Pod Security Standard \"restricted\"",
                "podTemplate: {spec: {securityContext: {seccompProfile: null}}} | cannot be removed: the Pod Security Standard \"restricted\"",
                "podTemplateUnset: [spec.securityContext.runAsUsers] | podTemplateUnset[0]: there is no default that can be removed here: remove it: did you mean spec.securityContext.runAsUser?",
                "podTemplateUnset: [spec.securityContext.runAsNonRoot] | podTemplateUnset[0]: the default cannot be removed",
            })
    void nullWithoutADefaultToOmitIsRefused(String lines, String words) {
        ParsedCommit parsed = Specs.read(Specs.with(lines.strip()));

        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"spec.securityContext.runAsNonRoot", "spec.containers[zookeeper].securityContext.capabilities"})
    void fieldsOfTheRestrictedLevelCanBeOmittedBelowIt(String path) {
        String text = Specs.with("podTemplateUnset: ['" + path + "']");

        assertThat(Specs.read(text, Specs.policy(PodSecurity.BASELINE, JvmOptions.SAFE))
                        .violations())
                .isEmpty();
        assertThat(Specs.read(text).violations()).extracting(Violation::line).isEqualTo(List.of(7));
    }
}
