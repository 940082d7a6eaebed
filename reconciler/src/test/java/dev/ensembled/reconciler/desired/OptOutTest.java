package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptOutTest {
    private static List<HasMetadata> objects() throws IOException {
        EnsembleSpec spec = CanonicalJson.MAPPER.readValue(
                "{\"version\":\"3.9.5\",\"voters\":3,\"storage\":{\"log\":{\"size\":\"1Gi\"}},\"podTemplate\":{\"metadata\":"
                        + "{\"annotations\":{\"argocd.argoproj.io/sync-options\":\"Prune=true\"}}}}",
                EnsembleSpec.class);
        return Manifests.of(Desired.of(new EnsembleId("streaming", "kafka-zk"), spec, 1))
                .objects();
    }

    @Test
    void everyObjectOptsOutOfArgoCdAndFlux() throws IOException {
        assertThat(objects()).hasSize(5).allSatisfy(object -> assertThat(
                        object.getMetadata().getAnnotations())
                .containsEntry("argocd.argoproj.io/sync-options", "Prune=false,Delete=false")
                .containsEntry("argocd.argoproj.io/compare-options", "IgnoreExtraneous")
                .containsEntry("kustomize.toolkit.fluxcd.io/prune", "disabled")
                .containsEntry("kustomize.toolkit.fluxcd.io/reconcile", "disabled"));
    }

    @Test
    void podsOptOutTooBecauseTheyLoseTheirOwnerDuringRecreation() throws IOException {
        JsonNode annotations = CanonicalJson.tree(objects().get(4)).at("/spec/template/metadata/annotations");

        assertThat(annotations.path("argocd.argoproj.io/sync-options").asText()).isEqualTo("Prune=false,Delete=false");
    }

    @Test
    void claimTemplatesStayUnchangedBecauseTheyAreImmutable() throws IOException {
        JsonNode templates = CanonicalJson.tree(objects().get(4)).at("/spec/volumeClaimTemplates");

        assertThat(templates).hasSize(2).allSatisfy(template -> assertThat(template.at("/metadata/annotations"))
                .isEmpty());
    }

    @Test
    void fluxMayStillApplyAResourceOfOurGitSource() {
        assertThat(OptOut.OF_RESOURCES)
                .containsEntry("kustomize.toolkit.fluxcd.io/prune", "disabled")
                .doesNotContainKey("kustomize.toolkit.fluxcd.io/reconcile");
    }

    @Test
    void partialOptOutIsNotEnough() {
        assertThat(OptOut.isSaidBy(OptOut.OF_OBJECTS)).isTrue();
        assertThat(OptOut.isSaidBy(OptOut.OF_RESOURCES)).isFalse();
        assertThat(OptOut.isSaidBy(Map.of())).isFalse();
        assertThat(OptOut.isSaidBy(null)).isFalse();
    }
}
