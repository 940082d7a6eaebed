package dev.ensembled.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ensembled.access.Authorizer;
import dev.ensembled.daemon.Daemon;
import dev.ensembled.planner.PlanRequest;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.SafeText;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/** The plan of files that are not pushed yet. It changes nothing, and requires the right to read the ensembles. */
@Path("/api/v1/plan")
public class PlanResource {
    /** Each plan may ask the servers of many ensembles. */
    private static final int AT_ONCE = 2;

    private static final int MAX_DEPTH = 10;

    private static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(PlanRequest.MAX_BYTES)
                            .build())
                    .build())
            .build();

    private final Daemon daemon;
    private final Semaphore free = new Semaphore(AT_ONCE);

    PlanResource(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * Answers with the plan; 400 if the request is no plan request, 401 without a valid token, 413 if it exceeds a limit,
     * 429 while other plans are being made, and 503 if the platform cannot be reached.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CommitPlan plan(
            @HeaderParam("Authorization") String authorization, @Context HttpServerRequest request, InputStream body) {
        Authorizer authorizer = daemon.authorizer().orElseThrow(PlanResource::notReady);
        Planner planner = daemon.planner().orElseThrow(PlanResource::notReady);
        ApiUser user = ApiUser.of(authorizer, authorization, HttpGuard.isLoopback(request.localAddress()));
        if (!free.tryAcquire()) {
            throw ApiUser.failure(Status.TOO_MANY_REQUESTS, "other plans are being made: try again in a few seconds");
        }
        try {
            return planner.plan(parsed(body), user::reads);
        } catch (Planner.RequestTooLargeException e) {
            throw ApiUser.failure(Status.REQUEST_ENTITY_TOO_LARGE, e.getMessage());
        } catch (Planner.UnknownSourceException e) {
            throw ApiUser.failure(Status.BAD_REQUEST, e.getMessage());
        } catch (RetryLaterException e) {
            throw ApiUser.failure(Status.SERVICE_UNAVAILABLE, e.getMessage());
        } finally {
            free.release();
        }
    }

    static PlanRequest parsed(InputStream body) {
        try {
            PlanRequest request = JSON.readValue(body, PlanRequest.class);
            if (request == null) {
                throw ApiUser.failure(Status.BAD_REQUEST, "the body is null, expected a plan request");
            }
            return request;
        } catch (JacksonException e) {
            throw ApiUser.failure(
                    Status.BAD_REQUEST,
                    "the body is not a plan request: " + SafeText.of(e.getOriginalMessage())
                            + "; use a client of the same version as the daemon");
        } catch (IOException e) {
            throw ApiUser.failure(Status.BAD_REQUEST, "the body cannot be read: " + SafeText.of(e.getMessage()));
        }
    }

    private static WebApplicationException notReady() {
        return ApiUser.failure(Status.SERVICE_UNAVAILABLE, "the daemon is starting: try again in a few seconds");
    }
}
