package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of other tools in the same repository are never violations, however unusual; a file whose text marks it as ours
 * is.
 */
class OtherToolsTest {
    private static final String OURS = "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base: &base {a: 1}\nother: {<<: *base}",
                "Resources:\n  Bucket: !Sub '${AWS::StackName}'\n  Key: !GetAtt a.b",
                "secret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256",
                "kind: ConfigMap\ndata: {a: 1, a: 2}",
                "{{- if .Values.enabled }}\nkind: Deployment\n{{- end }}",
                "kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}",
                "a: [\n\tb",
                "- hosts: all\n  tasks: []",
                "just text",
                "5e400000000000000000",
                "a: 0x_1\nb: 99999999999999999999999999999999999999",
                "? {a: b}\n: c",
                "@unquoted: `x`",
                "kind: [a, b]",
                "kind: ConfigMap\ndata:\n  example.yaml: |\n    apiVersion: ensembled.dev/v1alpha1\n    kind: ZooKeeperEnsemble",
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n"
                        + "  group: ensembled.dev\n  names: {kind: ZooKeeperEnsemble}\n  x: 1\n  x: 2",
                "kind: Role\nrules: [{apiGroups: [ensembled.dev], resources: [zookeeperensembles]}]\n<<: {}",
                "kind: Application\nspec: {ignoreDifferences: [{group: ensembled.dev, kind: ZooKeeperEnsemble}]}",
                "kind: Kustomization\npatches:\n- target: {kind: ZooKeeperEnsemble}\n  patch: |\n\t- op: add",
                "kind: List\nitems: [{kind: ConfigMap}]",
                "kind: ConfigMap # not a ZooKeeperEnsemble\ndata: {a: 1, a: 2}",
                "apiVersion: zookeeper.pravega.io/v1beta1\nkind: ZookeeperCluster\nspec: {a: 1, a: 2}",
            })
    void documentOfAnotherToolIsIgnoredWithANote(String text) {
        ParsedCommit parsed = Specs.read(text);

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.invalidPaths()).isEmpty();
        assertThat(parsed.notes()).isNotEmpty().allMatch(note -> note.contains("ignored: "));
        assertThat(parsed.files()).containsEntry(Specs.FILE, true);
    }

    @Test
    void largeOrManyForeignDocumentsAreIgnoredWithANote() {
        ParsedCommit parsed = new SpecReader("zookeeper", Set.of())
                .read(List.of(
                        SourceFile.of("large.yaml", "kind: CustomResourceDefinition\n# " + "x".repeat(300_000)),
                        SourceFile.of("many.yaml", "---\nkind: ConfigMap\n".repeat(200)),
                        SourceFile.of("kafka.yaml", Specs.minimal("kafka"))));

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes())
                .anySatisfy(note -> assertThat(note).contains("large.yaml", "the maximum is 262144"))
                .anySatisfy(note -> assertThat(note).contains("many.yaml", "more than 100 documents"));
        assertThat(parsed.ensembles()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OURS + "spec: {{ .Values.spec }}",
                OURS + "spec: {a: 1, a: 2}",
                OURS + "spec: !Sub x",
                OURS + "<<: {}",
                "{{- if .Values.on }}\n" + OURS + "{{- end }}",
                "  \"apiVersion\" : 'ensembled.dev/v1alpha1'\n\tx",
                "'kind':\t\"ZooKeeperEnsemble\"\n\tx",
                "kind: !!str ZooKeeperEnsemble\n\tx",
                "kind: &kind ZooKeeperEnsemble\nx: {",
                "{\"spec\": {\"a\": 1},\n  \"kind\": \"ZooKeeperEnsemble\",",
                "--- {kind: ZooKeeperEnsemble, x",
                "# a comment\n\n---\n# another\nx: [\n" + OURS,
                "kind: ConfigMap\n" + OURS,
                "- {apiVersion: ensembled.dev/v1alpha1, kind: ZooKeeperEnsemble}",
                "kind: List\nitems:\n- {apiVersion: ensembled.dev/v1alpha1, kind: ZooKeeperEnsemble}",
                "apiVersion: v1\nkind: ZooKeeperEnsembleList\nitems: [{kind: ZooKeeperEnsemble, metadata: {name: x}}]",
                "kind: zookeeperensemble",
                "kind: ZooKeeperEnsembles",
                "apiVersion: ensembled.dev/v2",
            })
    void unreadableTextThatNamesOurKindIsAViolation(String text) {
        ParsedCommit parsed = Specs.read(text);

        assertThat(parsed.violations()).as(parsed.notes().toString()).isNotEmpty();
        assertThat(parsed.ensembles()).isEmpty();
    }

    @Test
    void aLargeFileOfOursIsAViolation() {
        assertThat(Specs.read("---\n".repeat(5) + OURS + "#".repeat(300_000)).violations())
                .extracting(Violation::message)
                .singleElement()
                .asString()
                .contains("split it");
        assertThat(Specs.read("---\n" + OURS + "---\na\n".repeat(200)).violations())
                .extracting(Violation::message)
                .singleElement()
                .asString()
                .contains("more than 100 documents");
    }

    @Test
    void ensembleInAListHoldsTheStoredEnsembleOfThatName() {
        ParsedCommit parsed =
                Specs.read("kind: List\nitems:\n- {kind: ZooKeeperEnsemble, metadata: {name: a, namespace: b}}");

        assertThat(parsed.invalid()).containsExactly(new EnsembleId("b", "a"));
        assertThat(parsed.violations())
                .extracting(Violation::toString)
                .containsExactly(
                        Specs.FILE + ":3:3: an ensemble in a list is not supported: write it as a separate document");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ensembled.dev/approve",
                "ensembled.dev/accept-data-loss",
                "ensembled.dev/removed-by-commit",
                "ensembled.dev/anything",
                "Ensembled.Dev/approve",
                "x.ensembled.dev/y",
            })
    void reservedNamesAreRefusedInFiles(String name) {
        for (String map : List.of("annotations", "labels")) {
            String text = Specs.minimal("kafka")
                    .replace("{name: kafka}", "{name: kafka, " + map + ": {" + name + ": \"7\"}}");

            assertThat(Specs.read(text).violations()).singleElement().satisfies(violation -> {
                assertThat(violation.field()).isEqualTo("metadata." + map + "." + name);
                assertThat(violation.message()).contains("reserved", "kubectl");
            });
        }
        assertThat(Specs.read(Specs.minimal("kafka")
                                .replace("{name: kafka}", "{name: kafka, annotations: {notensembled.dev/x: y}}"))
                        .violations())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"finalizers: [a/b]", "ownerReferences: []", "generateName: x", "managedFields: []", "uid: x"})
    void otherMetadataIsRefusedInFiles(String field) {
        String text = Specs.minimal("kafka").replace("{name: kafka}", "{name: kafka, " + field + "}");

        assertThat(Specs.read(text).violations())
                .extracting(Violation::message)
                .singleElement()
                .asString()
                .contains("not allowed in a file");
    }
}
