package dev.ensembled.web;

import dev.ensembled.daemon.Daemon;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/**
 * Accepts the hint that there may be a new commit in any source. It is only a hint: it contains nothing about the commit, and several
 * hints have the effect of one.
 */
@Path("/api/fetch")
public class FetchHint {
    private final Daemon daemon;

    FetchHint(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Answers 202 if a fetch was requested, and 404 if there is no Git source. */
    @POST
    public Response fetch() {
        return daemon.fetchNow()
                ? Response.accepted(Map.of("fetch", "requested")).build()
                : Response.status(Response.Status.NOT_FOUND)
                        .entity(Map.of(
                                "error", "no Git source is configured; set ENSEMBLED_GIT_URI or ENSEMBLED_SOURCES"))
                        .build();
    }
}
