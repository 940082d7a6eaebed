package dev.ensembled.web;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Server-sent events that say when a page has changed, and nothing about what it shows. Changes are looked for twice a second, so
 * that any number of them in between is one event; a client that reads slowly misses looks, and nothing is kept for it.
 */
@Path("/events")
public class EventStream {
    private static final int MOST_CLIENTS = 200;
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Connections without traffic are closed after 10 s (quarkus.http.idle-timeout). */
    private static final int LOOKS_PER_HEARTBEAT = 8;

    private final Changes changes;
    private final AtomicInteger clients = new AtomicInteger();

    EventStream(Changes changes) {
        this.changes = changes;
    }

    /**
     * Returns an event with the number of a page at once, when it has changed, and otherwise every four seconds, by which a client
     * knows that the connection works. 503 if there are too many clients.
     *
     * @param ensemble the ensemble whose page is meant, as {@code namespace/name}; otherwise the overview
     * @param sources whether the page of the sources is meant
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @QueryParam("ensemble") String ensemble, @QueryParam("sources") boolean sources, @Context Sse sse) {
        LongSupplier page = page(ensemble, sources);
        if (clients.incrementAndGet() > MOST_CLIENTS) {
            clients.decrementAndGet();
            throw new WebApplicationException(Response.Status.SERVICE_UNAVAILABLE);
        }
        Due due = new Due();
        return Multi.createFrom()
                .ticks()
                .every(LOOK)
                .onOverflow()
                .drop()
                .map(tick -> page.getAsLong())
                .select()
                .where(due::isDue)
                .map(number -> sse.newEventBuilder()
                        .name("page")
                        .data(Long.toString(number))
                        .build())
                .onTermination()
                .invoke(() -> clients.decrementAndGet());
    }

    private LongSupplier page(String ensemble, boolean sources) {
        if (ensemble != null) {
            int slash = ensemble.indexOf('/');
            EnsembleId id = new EnsembleId(ensemble.substring(0, Math.max(0, slash)), ensemble.substring(slash + 1));
            return () -> changes.ofEnsemble(id);
        }
        return sources ? changes::ofSources : changes::ofOverview;
    }

    /** Which looks become events. Used by one subscription. */
    private static final class Due {
        private long last = -1;
        private int quiet;

        boolean isDue(long number) {
            quiet++;
            boolean due = number != last || quiet >= LOOKS_PER_HEARTBEAT;
            if (due) {
                last = number;
                quiet = 0;
            }
            return due;
        }
    }
}
