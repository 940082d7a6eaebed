package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.smallrye.health.api.HealthContentFilter;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * One wellness check for all ensembles, which is shown as one per ensemble. It reads the results of all ensembles at one
 * time: the registry for dynamic checks must not be changed during a read, and ensembles are added at any time.
 */
@Wellness
@ApplicationScoped
public class EnsembleChecks implements HealthCheck, HealthContentFilter {
    private static final String NAME = "ensembles";
    private static final String DATA = "data";

    private final Daemon daemon;

    EnsembleChecks(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Returns a response whose data are the responses of the ensembles, as JSON, by their names. */
    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder all = HealthCheckResponse.named(NAME);
        boolean well = true;
        for (Map.Entry<EnsembleId, ReconcileResult> latest :
                daemon.latestResults().entrySet()) {
            HealthCheckResponse one = check(latest.getKey(), Optional.of(latest.getValue()));
            well &= one.getStatus() == HealthCheckResponse.Status.UP;
            all.withData(one.getName(), json(one).toString());
        }
        return all.status(well).build();
    }

    private static JsonObject json(HealthCheckResponse response) {
        JsonObjectBuilder data = Json.createObjectBuilder();
        response.getData().orElse(Map.of()).forEach((key, value) -> data.add(key, String.valueOf(value)));
        return Json.createObjectBuilder()
                .add("name", response.getName())
                .add("status", response.getStatus().name())
                .add(DATA, data)
                .build();
    }

    @Override
    public JsonObject filter(JsonObject payload) {
        if (!payload.containsKey("checks")) {
            return payload;
        }
        JsonArrayBuilder checks = Json.createArrayBuilder();
        payload.getJsonArray("checks").stream()
                .map(JsonValue::asJsonObject)
                .flatMap(EnsembleChecks::spread)
                .forEach(checks::add);
        return Json.createObjectBuilder(payload).add("checks", checks).build();
    }

    private static Stream<JsonObject> spread(JsonObject check) {
        if (!NAME.equals(check.getString("name", ""))) {
            return Stream.of(check);
        }
        return check.containsKey(DATA)
                ? check.getJsonObject(DATA).values().stream().map(one -> parse(((JsonString) one).getString()))
                : Stream.empty();
    }

    private static JsonObject parse(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String checkId(EnsembleId id) {
        return "ensemble " + id;
    }

    /** Returns down if clients are not served, a person must act, or the ensemble cannot be observed. */
    static HealthCheckResponse check(EnsembleId id, Optional<ReconcileResult> latest) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(checkId(id));
        if (latest.isEmpty()) {
            return response.up().withData("what", "not observed yet").build();
        }
        latest.get().result().ifPresent(result -> describe(response, result));
        if (latest.get().failure().isPresent()) {
            return response.down()
                    .withData(
                            "what",
                            "reconciliation failed: " + latest.get().failure().get())
                    .withData("since", latest.get().since().toString())
                    .withData(
                            "do",
                            "check the connection between the daemon and the platform; the reconcile cycle is retried automatically")
                    .build();
        }
        return response.status(
                        latest.get().result().filter(EnsembleChecks::isWell).isPresent())
                .build();
    }

    private static boolean isWell(ReconcileCycle.Result result) {
        return result.status().isTrue("Available") && !result.stalled();
    }

    private static void describe(HealthCheckResponseBuilder response, ReconcileCycle.Result result) {
        Condition ready = result.status().conditions().get(0);
        response.withData("what", ready.reason() + ": " + ready.message());
        RolloutStatus rollout = result.status().rollout();
        response.withData("since", rollout.gate() == null ? ready.lastTransitionTime() : rollout.since());
        if (rollout.gate() != null) {
            response.withData("gate", rollout.gate());
        }
        if (result.status().leader() != null) {
            response.withData("leader", result.status().leader());
        }
        SourceStatus source = result.status().source();
        if (source != null && source.message() != null) {
            response.withData("source", SafeText.of(source.state() + ": " + source.message()));
        }
        if (result.stalled()) {
            response.withData("do", "follow the message: repair the cause, or push a fix or a revert");
        }
    }
}
