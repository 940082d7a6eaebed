package dev.ensembled.reconciler.spec.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import dev.ensembled.reconciler.spec.read.EnsembleSchema;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CustomResourceDefinitionTest {

    @Test
    void crdFileEqualsTheGeneratedDefinition() {
        String header = "# Generated from the Java class ZooKeeperEnsemble; a test rewrites it (see CONTRIBUTING).\n";

        Golden.verify("k8s/base/crd.yaml", header + new KubernetesSerialization().asYaml(EnsembleSchema.definition()));
    }

    @Test
    void everyFieldOfTheSpecIsDescribed() {
        assertDescribed(properties().get("spec"), "spec");
    }

    @Test
    void everyOwnFieldOfTheStatusIsDescribed() {
        Map<String, JSONSchemaProps> status = properties().get("status").getProperties();

        assertDescribed(status.get("memory"), "status.memory");
        JSONSchemaProps member = status.get("members").getItems().getSchema();
        assertDescribed(member, "status.members");
        assertThat(member.getProperties()).containsKeys("drift", "driftOf");
        assertThat(status.get("memory").getProperties())
                .containsOnlyKeys(
                        "bootstrapVoters",
                        "bootstrapObservers",
                        "handledRequest",
                        "snapshotFor",
                        "sanityTestedRevision",
                        "failedSanityTest");
    }

    private static Map<String, JSONSchemaProps> properties() {
        return EnsembleSchema.definition()
                .getSpec()
                .getVersions()
                .get(0)
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties();
    }

    private static void assertDescribed(JSONSchemaProps schema, String path) {
        if (schema.getProperties() == null) {
            return;
        }
        for (Map.Entry<String, JSONSchemaProps> field : schema.getProperties().entrySet()) {
            String name = path + "." + field.getKey();
            assertThat(field.getValue().getDescription()).as(name).isNotBlank();
            assertDescribed(field.getValue(), name);
            if (field.getValue().getItems() != null) {
                assertDescribed(field.getValue().getItems().getSchema(), name + "[]");
            }
        }
    }

    @Test
    void podTemplateSchemaIsOpenAndConfigAcceptsAnyScalar() {
        JSONSchemaProps spec = properties().get("spec");

        JSONSchemaProps template = spec.getProperties().get("podTemplate");
        assertThat(template.getType()).isEqualTo("object");
        assertThat(template.getXKubernetesPreserveUnknownFields()).isTrue();
        assertThat(template.getProperties()).isNullOrEmpty();
        JSONSchemaProps value =
                spec.getProperties().get("config").getAdditionalProperties().getSchema();
        assertThat(value.getType()).isNull();
        assertThat(value.getMaxProperties()).isZero();
        assertThat(value.getMaxItems()).isZero();
    }

    @Test
    void printerColumnsShowTheKeyFieldsWithTheAgeLast() {
        assertThat(EnsembleSchema.definition().getSpec().getVersions().get(0).getAdditionalPrinterColumns())
                .extracting("name")
                .containsExactly("Observers", "Version", "Voters", "Ready", "Leader", "Gate", "Rollout", "Age");
    }
}
