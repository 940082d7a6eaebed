package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The form in which an accepted spec is applied: with its source as annotations. */
record ResourceForm(KubernetesSerialization serialization) {
    private static final ObjectMapper JSON = new ObjectMapper();

    GenericKubernetesResource of(ZooKeeperEnsemble resource, SourceStatus source, String digest) {
        Map<String, String> annotations =
                new TreeMap<>(Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of()));
        annotations.putAll(OptOut.OF_RESOURCES);
        annotations.putAll(SourceAnnotations.of(source));
        annotations.put(SourceAnnotations.SPEC_DIGEST, digest);
        GenericKubernetesResource wanted = new GenericKubernetesResource();
        wanted.setApiVersion(resource.getApiVersion());
        wanted.setKind(resource.getKind());
        wanted.setMetadata(new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .withLabels(resource.getMetadata().getLabels())
                .withAnnotations(annotations)
                .build());
        wanted.setAdditionalProperty("spec", spec(resource));
        return wanted;
    }

    private JsonNode spec(ZooKeeperEnsemble resource) {
        try {
            return CanonicalJson.sorted(JSON.readTree(serialization.asJson(resource.getSpec())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot parse the serialized spec", e);
        }
    }
}
