package dev.ensembled.cli.target;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ensembled.planner.PlanRequest;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The API of a daemon.
 *
 * @param address without a path
 * @param token is sent as a bearer token; empty if the daemon requires none at that address
 * @param tunnel is closed with the connection
 */
public record DaemonApi(URI address, Optional<String> token, Closeable tunnel) implements Closeable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * Requests a plan.
     *
     * @throws TargetException if the daemon cannot be reached, or answers with an error
     */
    public CommitPlan plan(PlanRequest request) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(address.resolve("/api/v1/plan"))
                    .timeout(ANSWER)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)));
            token.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
            HttpResponse<byte[]> response = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build()
                    .send(builder.build(), BodyHandlers.ofByteArray());
            return plan(response);
        } catch (IOException e) {
            throw new TargetException(
                    "cannot reach the daemon at " + address + ": " + e
                            + "; check that it runs, and that the address is correct",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            tunnel.close();
        } catch (IOException e) {
            // The answer is complete, and the process ends: a tunnel that cannot be closed is of no consequence.
        }
    }

    private CommitPlan plan(HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() != OK) {
            throw new TargetException("the daemon at " + address + " refused the request: " + error(response), null);
        }
        CommitPlan plan = JSON.readValue(response.body(), CommitPlan.class);
        if (plan == null || !plan.isKnown()) {
            throw new TargetException(
                    "the daemon at " + address
                            + " answered with an unknown form of plan: use the same version of ensembled as the daemon",
                    null);
        }
        return plan;
    }

    private static String error(HttpResponse<byte[]> response) {
        if (response.statusCode() == NOT_FOUND) {
            return "it does not know this request (status 404): use the same version of ensembled as the daemon";
        }
        String body = new String(response.body(), StandardCharsets.UTF_8);
        try {
            JsonNode error = JSON.readTree(response.body()).path("error");
            return SafeText.of(error.isTextual() ? error.asText() : body) + " (status " + response.statusCode() + ")";
        } catch (JacksonException e) {
            return "status " + response.statusCode() + ": " + SafeText.of(body.strip());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }
}
