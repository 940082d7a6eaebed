package dev.ensembled.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** All metrics, in the text format of Prometheus, or in that of OpenMetrics if the client asks for it. */
@Path("/metrics")
public class MetricsEndpoint {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_1 = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry;

    MetricsEndpoint(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** The registry to which Quarkus adds the metrics of the JVM. */
    @Singleton
    static final class Registry {
        @Produces
        @Singleton
        PrometheusMeterRegistry registry() {
            return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        }
    }

    /** A scrape. */
    @GET
    public Response scrape(@HeaderParam(HttpHeaders.ACCEPT) String accept) {
        String format = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_1 : TEXT;
        return Response.ok(registry.scrape(format), format).build();
    }
}
