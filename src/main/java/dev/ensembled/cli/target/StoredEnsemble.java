package dev.ensembled.cli.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.ReportedEnsemble;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * An ensemble as it is stored. Its spec may break our rules, because the API server enforces only some of them.
 *
 * @param resource the resource, as {@code kubectl get -o json} prints it, without the managed fields
 * @param status empty if nothing has been reported yet
 */
public record StoredEnsemble(EnsembleId id, JsonNode resource, EnsembleStatus status) implements ReportedEnsemble {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String ANNOTATION = "ensembled.dev/";

    /**
     * The ensemble of a resource.
     *
     * @throws TargetException if its status is not one
     */
    static StoredEnsemble of(JsonNode resource) {
        JsonNode metadata = resource.path("metadata");
        if (metadata instanceof ObjectNode fields) {
            fields.remove("managedFields");
        }
        EnsembleId id = new EnsembleId(
                metadata.path("namespace").asText(), metadata.path("name").asText());
        return new StoredEnsemble(id, resource, status(id, resource.path("status")));
    }

    private static EnsembleStatus status(EnsembleId id, JsonNode status) {
        try {
            return status.isObject() ? JSON.treeToValue(status, EnsembleStatus.class) : EnsembleStatus.empty();
        } catch (JsonProcessingException e) {
            throw new TargetException(
                    "the status of ensemble " + id + " cannot be read (" + SafeText.of(e.getOriginalMessage())
                            + "): use the version of the command that the daemon has",
                    e);
        }
    }

    public String version() {
        return resource.at("/spec/version").asText("-");
    }

    public int voters() {
        return resource.at("/spec/voters").asInt();
    }

    public int observers() {
        return resource.at("/spec/observers").asInt();
    }

    @Override
    public boolean pausedBySpec() {
        return resource.at("/spec/rollout/paused").asBoolean();
    }

    /** The generation of the stored spec. */
    @Override
    public long generation() {
        return resource.at("/metadata/generation").asLong();
    }

    String uid() {
        return resource.at("/metadata/uid").asText();
    }

    /** When the resource was created; empty if that is not on record, as on the local platform. */
    public Optional<Instant> created() {
        return instant(resource.at("/metadata/creationTimestamp").asText());
    }

    /** The requests that people made. */
    @Override
    public Requests requests() {
        return Requests.named(this::request);
    }

    private Optional<String> request(String name) {
        return Optional.of(resource.path("metadata")
                        .path("annotations")
                        .path(ANNOTATION + name)
                        .asText()
                        .strip())
                .filter(text -> !text.isEmpty());
    }

    /** A time in RFC 3339; empty if the text is not one. */
    public static Optional<Instant> instant(String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
