package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @ParameterizedTest(name = "{0} against {1} differs at [{2}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "{a: 1} | {a: 1, b: 2} | ''",
                "{a: 1} | {a: 2} | a",
                "{a: {b: x}} | {a: {c: y}} | a.b",
                "{a: ''} | {} | ''",
                "{a: []} | {} | ''",
                "{emptyDir: {}} | {} | ''",
                "{automountServiceAccountToken: false} | {} | automountServiceAccountToken",
                "{automountServiceAccountToken: false} | {automountServiceAccountToken: true} | automountServiceAccountToken",
                "{readOnly: false} | {} | ''",
                "{readOnly: true} | {} | readOnly",
                "{requests: {cpu: '0.5', memory: 1024Mi}} | {requests: {cpu: 500m, memory: 1Gi}} | ''",
                "{requests: {memory: 1Gi}} | {requests: {memory: 2Gi}} | requests.memory",
                "{env: [{name: A, value: 1024Mi}]} | {env: [{name: A, value: 1Gi}]} | env[A].value",
                "{env: [{name: A, value: x}]} | {env: [{name: B, value: y}, {name: A, value: x}]} | ''",
                "{env: [{name: A, value: x}]} | {env: []} | env[A]",
                "{command: [a, b]} | {command: [a]} | command",
                "{command: [a, b]} | {command: [a, c]} | command[1]",
                "{ports: [{port: 1, name: x}]} | {ports: [{port: 1, name: x, protocol: TCP, nodePort: 30000}]} | ''",
                "{ports: [{port: 1, name: x}]} | {ports: [{port: 2, name: x}]} | ports[1]",
                "{selector: {a: x}} | {selector: {a: x, b: y}} | selector.b",
                "{labels: {a: x}} | {labels: {a: x, b: y}} | ''",
                "{volumeClaimTemplates: [{metadata: {name: d}, spec: {a: 1}}]} | {volumeClaimTemplates: [{metadata: {name: d}, spec: {a: 1, b: 2}, status: {}}]} | ''",
                "{volumeClaimTemplates: [{metadata: {name: d}, spec: {a: 1}}]} | {volumeClaimTemplates: [{metadata: {name: d}, spec: {a: 2}}]} | volumeClaimTemplates[d].spec.a",
                "{maxUnavailable: 1} | {maxUnavailable: 1.0} | ''",
                "{maxUnavailable: 1} | {maxUnavailable: '1'} | maxUnavailable",
            })
    void driftCoversOnlyTheFieldsThatWeOwn(String desired, String live, String paths) throws IOException {
        assertThat(Drift.between(YAML.readTree(desired), YAML.readTree(live)).stream()
                        .map(Drift.Difference::path)
                        .collect(Collectors.joining(",")))
                .isEqualTo(paths);
    }

    @Test
    void driftNamesTheLastWriterOfTheField() throws IOException {
        JsonNode desired = YAML.readTree("{spec: {ports: [{port: 2181, name: client}], type: ClusterIP}}");
        JsonNode live = YAML.readTree(
                """
                spec: {ports: [{port: 2181, name: hijacked}], type: NodePort}
                metadata:
                  managedFields:
                  - {manager: ensembled, time: "2026-01-01T00:00:09Z", fieldsV1: {"f:spec": {"f:type": {}}}}
                  - {manager: early, time: "2026-01-01T00:00:01Z", fieldsV1: {"f:spec": {"f:type": {}}}}
                  - {manager: helm, time: "2026-01-01T00:00:02Z", fieldsV1: {"f:spec": {"f:type": {}}}}
                  - manager: kubectl-edit
                    time: "2026-01-01T00:00:03Z"
                    fieldsV1: {"f:spec": {"f:ports": {'k:{"port":2181,"protocol":"TCP"}': {"f:name": {}}}}}
                """);

        assertThat(Drift.between(desired, live))
                .extracting(difference -> difference.path() + " by "
                        + FieldOwner.of(difference, live, "ensembled").orElse("nobody"))
                .containsExactly("spec.ports[2181].name by kubectl-edit", "spec.type by helm");
    }

    @Test
    void fieldThatOnlyWeOwnHasNoOtherWriter() throws IOException {
        JsonNode desired = YAML.readTree("{spec: {type: ClusterIP}}");
        JsonNode live = YAML.readTree(
                "{metadata: {managedFields: [{manager: kubectl, time: x, fieldsV1: {'f:metadata': {}}}]}}");

        assertThat(Drift.between(desired, live))
                .extracting(difference -> FieldOwner.of(difference, live, "ensembled"))
                .containsExactly(java.util.Optional.empty());
    }
}
