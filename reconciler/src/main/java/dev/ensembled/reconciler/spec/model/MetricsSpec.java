package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;

/**
 * ZooKeeper's own metrics, which the servers of a spec with this part export for Prometheus.
 *
 * @param port at which each server answers {@code GET /metrics}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!(self.port in [2181, 2888, 3888])",
        fieldPath = ".port",
        message = "must not be 2181, 2888 or 3888, which the server uses itself")
public record MetricsSpec(
        @JsonPropertyDescription("Port of the metrics, which are answered at /metrics over HTTP.")
                @Min(1024)
                @Max(65535)
                @Default("7000")
                Integer port) {
    /** The default, which is also that of ZooKeeper. */
    public static final int DEFAULT_PORT = 7000;

    public MetricsSpec {
        port = Objects.requireNonNullElse(port, DEFAULT_PORT);
    }
}
