package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Map;
import java.util.Optional;

/**
 * How the servers of an ensemble export ZooKeeper's own metrics, if its spec turns them on, and how Prometheus finds
 * them: by the name of the port (a PodMonitor), or by annotations of the pods.
 *
 * @param port at which each server answers {@code GET /metrics}
 */
record ServerMetrics(int port) {
    /** The name of the container's port. */
    static final String PORT_NAME = "metrics";

    private static final String PROVIDER = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    static Optional<ServerMetrics> of(EnsembleSpec spec) {
        return Optional.ofNullable(spec.metrics()).map(metrics -> new ServerMetrics(metrics.port()));
    }

    /** The keys of zoo.cfg. The server listens on all addresses, which is ZooKeeper's default. */
    Map<String, String> settings() {
        return Map.of("metricsProvider.className", PROVIDER, "metricsProvider.httpPort", Integer.toString(port));
    }

    /** The annotations that Prometheus reads by convention, where it discovers pods without the Prometheus Operator. */
    Map<String, String> annotations() {
        return Map.of(
                "prometheus.io/scrape", "true",
                "prometheus.io/port", Integer.toString(port),
                "prometheus.io/path", "/metrics");
    }
}
