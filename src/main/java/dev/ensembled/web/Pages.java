package dev.ensembled.web;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.web.page.EnsembleRow;
import dev.ensembled.web.page.EnsembleView;
import dev.ensembled.web.page.Overview;
import dev.ensembled.web.page.SourceView;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The pages for people. They show what the daemon holds in memory, and so ask no server of anything. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
public class Pages {
    private final Daemon daemon;
    private final Template overview;
    private final Template ensemble;
    private final Template sources;
    private final Template missing;
    private final Clock clock = Clock.systemUTC();

    Pages(
            Daemon daemon,
            @Location("overview.html") Template overview,
            @Location("ensemble.html") Template ensemble,
            @Location("sources.html") Template sources,
            @Location("missing.html") Template missing) {
        this.daemon = daemon;
        this.overview = overview;
        this.ensemble = ensemble;
        this.sources = sources;
        this.missing = missing;
    }

    /** Returns the overview: what is rolled out now, and the ensembles that match. */
    @GET
    public String overview(
            @QueryParam("q") String text, @QueryParam("state") String state, @QueryParam("page") String page) {
        Instant now = clock.instant();
        SortedMap<EnsembleId, ReconcileResult> latest = daemon.latestResults();
        List<EnsembleRow> rows = latest.entrySet().stream()
                .map(one -> EnsembleRow.of(one.getKey(), one.getValue()))
                .toList();
        List<EnsembleView> rolls = latest.entrySet().stream()
                .flatMap(one -> EnsembleView.roll(one.getKey(), one.getValue(), daemon.commandOptions(), now).stream())
                .limit(Overview.MOST_ROLLS)
                .toList();
        Overview shown =
                Overview.of(Overview.Query.of(text, state, page), rows, rolls, SourceView.of(daemon.sources()));
        return page(overview, "", "events", now).data("page", shown).render();
    }

    /** Returns the page of one ensemble; 404 with a page that says so if there is none. */
    @GET
    @Path("ensembles/{namespace}/{name}")
    public Response ensemble(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        Instant now = clock.instant();
        EnsembleId id = new EnsembleId(namespace, name);
        String events = "events?ensemble=" + id;
        return Optional.ofNullable(daemon.latestResults().get(id))
                .map(latest -> EnsembleView.of(id, latest, daemon.commandOptions(), now))
                .map(view -> Response.ok(
                        page(ensemble, "../../", events, now).data("page", view).render()))
                .orElseGet(() -> Response.status(Response.Status.NOT_FOUND)
                        .entity(page(missing, "../../", "", now)
                                .data("id", SafeText.of(id.toString()))
                                .render()))
                .build();
    }

    /** Returns the page of the Git sources. */
    @GET
    @Path("sources")
    public String sources() {
        Instant now = clock.instant();
        return page(sources, "", "events?sources=true", now)
                .data("page", SourceView.of(daemon.sources()))
                .render();
    }

    /**
     * A template with what all pages have.
     *
     * @param root the overview, relative to the page: a proxy may add a prefix to all paths
     * @param events the address of the events, relative to the root; empty if the page never changes
     */
    private TemplateInstance page(Template template, String root, String events, Instant now) {
        return template.data("root", root)
                .data("events", events)
                .data("now", now)
                .data(
                        "leader",
                        daemon.leads() ? "" : daemon.leader().map(SafeText::of).orElse(""));
    }
}
