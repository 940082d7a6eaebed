package dev.ensembled.reconciler.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.FieldSchema;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The generated custom resource definition, as the only source of the fields that exist. */
public final class EnsembleSchema {
    /** The path on the class path; the build generates the file from {@link ZooKeeperEnsemble}. */
    static final String RESOURCE = "/META-INF/fabric8/zookeeperensembles.ensembled.dev-v1.yml";

    private static final YAMLMapper YAML = new YAMLMapper();

    private EnsembleSchema() {}

    /** The definition that a cluster gets: patched, and with its columns in the order in which people read them. */
    public static CustomResourceDefinition definition() {
        CustomResourceDefinition definition = YAML.convertValue(tree(), CustomResourceDefinition.class);
        definition.getSpec().getVersions().forEach(EnsembleSchema::order);
        return definition;
    }

    /** The patched definition, before its columns are ordered. */
    private static JsonNode tree() {
        try (InputStream in = EnsembleSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: build with Maven");
            }
            JsonNode tree = YAML.readTree(in);
            for (JsonNode version : tree.at("/spec/versions")) {
                SchemaPatch.apply((ObjectNode) version.at("/schema/openAPIV3Schema"));
            }
            return tree;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reorders the columns: the generator sorts them by path, but the age is expected last. */
    private static void order(CustomResourceDefinitionVersion version) {
        List<CustomResourceColumnDefinition> columns = new ArrayList<>(version.getAdditionalPrinterColumns());
        columns.sort(Comparator.comparing(column -> column.getName().equals("Age")));
        version.setAdditionalPrinterColumns(columns);
    }

    /** The schema of a spec, extracted from the definition once. Callers must not change it. */
    public static FieldSchema spec() {
        return Spec.SCHEMA;
    }

    /** Delays the extraction until the first spec is read. */
    private static final class Spec {
        private static final FieldSchema SCHEMA =
                new FieldSchema(tree().at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"));
    }
}
