package dev.ensembled.web;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** The status of every ensemble as JSON. */
@Path("/api/ensembles")
public class EnsemblesResource {
    private final Daemon daemon;

    EnsemblesResource(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * One ensemble.
     *
     * @param failure why it cannot be observed; null if it can
     * @param status null before the first observation
     */
    public record Entry(EnsembleId id, String failure, EnsembleStatus status) {

        static Entry of(Map.Entry<EnsembleId, ReconcileResult> latest) {
            return new Entry(
                    latest.getKey(),
                    latest.getValue().failure().orElse(null),
                    latest.getValue().result().map(result -> result.status()).orElse(null));
        }
    }

    /** Returns the status of every ensemble, as in its resource. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public List<Entry> ensembles() {
        return daemon.latestResults().entrySet().stream().map(Entry::of).toList();
    }
}
