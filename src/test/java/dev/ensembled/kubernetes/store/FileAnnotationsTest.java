package dev.ensembled.kubernetes.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.validation.Policy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** Resources as an API server returns them, with annotations that an older version applied from a file. */
class FileAnnotationsTest {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final String RESOURCE =
            """
            apiVersion: ensembled.dev/v1alpha1
            kind: ZooKeeperEnsemble
            metadata:
              name: kafka
              namespace: streaming
              generation: 7
              annotations:
                ensembled.dev/approve: "7"
                ensembled.dev/accept-data-loss: "7"
                ensembled.dev/removed-by-commit: abc
                ensembled.dev/source-state: Synced
              managedFields:
              - manager: %s
                operation: %s
                fieldsType: FieldsV1
                fieldsV1:
                  f:metadata:
                    f:annotations:
                      f:ensembled.dev/approve: {}
                      f:ensembled.dev/accept-data-loss: {}
                      f:ensembled.dev/removed-by-commit: {}
                      f:ensembled.dev/source-state: {}
              deletionTimestamp: "2026-01-01T00:00:00Z"
            spec: {version: 3.9.5, voters: 3, deletionPolicy: Delete}
            """;

    @Test
    void requestFromAFileIsIgnored() {
        assertThat(requests("ensembled-git", "Apply")).isEqualTo(Requests.NONE);
    }

    @Test
    void requestOfAPersonCounts() {
        assertThat(requests("kubectl-annotate", "Update").approves(7, 1, true)).isTrue();
        assertThat(requests("kubectl-annotate", "Update").acceptsLoss(7)).isTrue();
    }

    @Test
    void deletionByHandIsARemovalOnlyWithOurAnnotation() {
        assertThat(Teardown.wanted(resource("ensembled-git", "Apply"), true)).isFalse();
        assertThat(Teardown.wanted(resource("ensembled-git", "Update"), true)).isTrue();
    }

    @Test
    void deletedOrphanIsRemovedAsItsStatusSays() {
        GenericKubernetesResource orphan = resource("ensembled-git", "Apply");
        orphan.getMetadata().getAnnotations().put("ensembled.dev/source-state", "Orphaned");

        assertThat(Teardown.wanted(orphan, true)).isTrue();
    }

    @Test
    void recordedSourceIsReadBack() {
        SourceStatus source = new SourceStatus(
                "abc", "kafka.yaml", "Synced", null, "https://git/config?ref=main", "ensembled-system");

        assertThat(SourceAnnotations.read(SourceAnnotations.of(source))).contains(source);
        SourceStatus older = new SourceStatus("abc", "kafka.yaml", "Orphaned", "gone");
        assertThat(SourceAnnotations.read(SourceAnnotations.of(older))).contains(older);
        SourceStatus waiting = source.with("RemovalPending", "why", new PendingRemoval("def456", 12, true));
        assertThat(SourceAnnotations.read(SourceAnnotations.of(waiting))).contains(waiting);
    }

    private static Requests requests(String manager, String operation) {
        return ((StoredResource.Valid)
                        new StoredResource(SERIALIZATION, Policy.DEFAULT).read(resource(manager, operation)))
                .accepted()
                .requests();
    }

    private static GenericKubernetesResource resource(String manager, String operation) {
        return SERIALIZATION.unmarshal(RESOURCE.formatted(manager, operation), GenericKubernetesResource.class);
    }
}
