package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ensembled.reconciler.desired.Drift.Difference;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds the manager that set a field of a live object, by its {@code metadata.managedFields}. */
public final class FieldOwner {
    private FieldOwner() {}

    /**
     * Returns the field manager, other than ourselves, that owns the field and wrote last; empty if there is none, for
     * example after a field was removed.
     */
    public static Optional<String> of(Difference difference, JsonNode live, String ourselves) {
        String newest = "";
        Optional<String> owner = Optional.empty();
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            String manager = entry.path("manager").asText();
            String time = entry.path("time").asText();
            if (!manager.equals(ourselves)
                    && !entry.path("subresource").asText().equals("status")
                    && time.compareTo(newest) >= 0
                    && owns(entry.path("fieldsV1"), difference)) {
                newest = time;
                owner = Optional.of(manager);
            }
        }
        return owner;
    }

    /**
     * Whether we alone own the field. If it still differs from what we applied, then admission changed it on the way:
     * the API server attributes the change of a webhook to the client that sent the request.
     */
    public static boolean isOnly(String ourselves, Difference difference, JsonNode live) {
        return of(difference, live, ourselves).isEmpty()
                && entries(live).anyMatch(entry -> owns(entry.path("fieldsV1"), difference));
    }

    /**
     * Whether a field still has the value with which a controller, and admission, created the object. The creator of an
     * object owns, by an update, a field that can never change. Neither the manager's name nor the time of an entry
     * identifies the creator: distributions give the controller other names, and it may have written again.
     *
     * @param unchangeable a field that every object of this kind is created with, and that no request can change
     */
    public static boolean isCreators(Difference difference, Difference unchangeable, JsonNode live) {
        return entries(live)
                .filter(entry -> entry.path("operation").asText().equals("Update"))
                .filter(entry -> entry.path("subresource").asText().isEmpty())
                .filter(entry -> owns(entry.path("fieldsV1"), unchangeable))
                .anyMatch(entry -> owns(entry.path("fieldsV1"), difference));
    }

    private static Stream<JsonNode> entries(JsonNode live) {
        return StreamSupport.stream(live.path("metadata").path("managedFields").spliterator(), false);
    }

    private static boolean owns(JsonNode fields, Difference difference) {
        JsonNode at = fields;
        for (Difference.Step step : difference.steps()) {
            at = at.path("f:" + step.field());
            if (step.element().isPresent()) {
                at = element(at, step.element().get());
            }
            if (at.isMissingNode()) {
                return false;
            }
            // An atomic value is owned as a whole: it has no entries below it.
            if (at.isEmpty()) {
                return true;
            }
        }
        return true;
    }

    private static JsonNode element(JsonNode list, String id) {
        for (Map.Entry<String, JsonNode> entry : list.properties()) {
            if (entry.getKey().startsWith("k:") && names(entry.getKey().substring(2), id)) {
                return entry.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean names(String key, String id) {
        try {
            for (JsonNode value : CanonicalJson.MAPPER.readTree(key)) {
                if (value.asText().equals(id)) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            // A form of key that this version does not support: then its owner is not known.
            return false;
        }
    }
}
