package dev.ensembled.kubernetes.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Violation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the resources in the cluster. They need not have passed our file parser, so the same rules are applied to them
 * here; whatever they contain, reading them does not throw.
 */
record StoredResource(KubernetesSerialization serialization, Policy policy) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The result of reading a resource. */
    sealed interface Reading {}

    record Valid(Accepted accepted) implements Reading {}

    /** The resource breaks our rules: no step is taken for it, and its status reports the reason. */
    record Invalid(EnsembleId id, String reason) implements Reading {}

    Reading read(GenericKubernetesResource resource) {
        EnsembleId id = id(resource);
        try {
            ParsedCommit parsed = parsed(resource);
            if (!parsed.violations().isEmpty()) {
                return new Invalid(id, reason(parsed.violations()));
            }
            ZooKeeperEnsemble ensemble = serialization.convertValue(resource, ZooKeeperEnsemble.class);
            // The model drops nulls, which the reader handles.
            parsed.ensembles()
                    .forEach(found -> ensemble.setSpec(found.resource().getSpec()));
            return accepted(id, ensemble);
        } catch (RuntimeException | JsonProcessingException e) {
            // Records reject invalid values with different exceptions: here each is one more violation.
            return new Invalid(id, "the resource cannot be read: " + e.getMessage());
        }
    }

    /** Returns what a resource means; empty if it breaks our rules. */
    Optional<Accepted> valid(GenericKubernetesResource resource) {
        return read(resource) instanceof Valid valid ? Optional.of(valid.accepted()) : Optional.empty();
    }

    /** Returns a digest of everything that a spec means, defaults included, however it was written. */
    String digest(EnsembleSpec spec) {
        try {
            return CanonicalJson.digest(JSON.readTree(serialization.asJson(spec)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot parse the serialized spec", e);
        }
    }

    static EnsembleId id(GenericKubernetesResource resource) {
        return new EnsembleId(
                resource.getMetadata().getNamespace(), resource.getMetadata().getName());
    }

    private Reading accepted(EnsembleId id, ZooKeeperEnsemble ensemble) {
        EnsembleSpec spec = ensemble.getSpec();
        if (spec == null || spec.version() == null || spec.voters() == null) {
            return new Invalid(id, "spec.version and spec.voters are required");
        }
        long generation = ensemble.getMetadata().getGeneration();
        // Rejects, with an exception, values that would fail only during rendering.
        Manifests.of(Desired.of(id, spec, generation));
        Map<String, String> annotations =
                Objects.requireNonNullElse(ensemble.getMetadata().getAnnotations(), Map.of());
        Map<String, String> asked = FileAnnotations.without(ensemble.getMetadata());
        String put = annotations.get(SourceAnnotations.SPEC_DIGEST);
        return new Valid(new Accepted(
                id,
                spec,
                generation,
                SourceAnnotations.read(annotations),
                put != null && !put.equals(digest(spec)),
                requests(asked),
                Objects.requireNonNullElseGet(ensemble.getStatus(), EnsembleStatus::empty)));
    }

    private static Requests requests(Map<String, String> annotations) {
        return Requests.named(name -> request(annotations, name));
    }

    private static Optional<String> request(Map<String, String> annotations, String name) {
        return Optional.ofNullable(annotations.get("ensembled.dev/" + name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private ParsedCommit parsed(GenericKubernetesResource resource) throws JsonProcessingException {
        String name = id(resource).toString();
        return new SpecReader(resource.getMetadata().getNamespace(), policy)
                .read(List.of(SourceFile.of(name, text(resource))));
    }

    private static String reason(List<Violation> violations) {
        return violations.stream()
                .map(violation -> violation.field().isEmpty()
                        ? violation.message()
                        : violation.field() + ": " + violation.message())
                .collect(Collectors.joining("; "));
    }

    /** Returns the resource as its file would be. JSON is YAML. */
    private String text(GenericKubernetesResource resource) throws JsonProcessingException {
        ObjectNode file = JSON.createObjectNode();
        JsonNode whole = JSON.readTree(serialization.asJson(resource));
        file.set("apiVersion", whole.path("apiVersion"));
        file.set("kind", whole.path("kind"));
        file.putObject("metadata")
                .put("name", resource.getMetadata().getName())
                .put("namespace", resource.getMetadata().getNamespace());
        file.set("spec", whole.path("spec").isMissingNode() ? JSON.createObjectNode() : whole.path("spec"));
        return JSON.writeValueAsString(file);
    }
}
