package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.MetricsSpec;
import dev.ensembled.reconciler.spec.yaml.Location;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The port of the servers' metrics is free in the server, and {@code config} does not set up a metrics provider beside
 * {@code metrics}. Without {@code metrics}, the keys of any provider belong to the user.
 */
public final class MetricsRule implements SpecRule {
    private static final List<String> SET_BY_METRICS =
            List.of("metricsProvider.className", "metricsProvider.httpHost", "metricsProvider.httpPort");
    private static final Map<String, String> SERVER_PORTS =
            Map.of("2181", "clients", "2888", "the quorum", "3888", "leader elections");

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.find("metrics")
                .filter(Scalars::isNull)
                .ifPresent(empty -> findings.note(
                        empty.location(), "spec.metrics", "has no value and no effect: {} turns metrics on"));
        spec.mapping("metrics").ifPresent(metrics -> {
            Location location = metrics.scalar("port").map(Scalar::location).orElse(metrics.location());
            port(spec)
                    .flatMap(port -> userOf(port, spec))
                    .ifPresent(user -> findings.violation(
                            location, "spec.metrics.port", "is the port of " + user + ": use another port"));
            spec.mapping("config").ifPresent(config -> twice(config, findings));
        });
    }

    /** The port of the metrics, as text; empty if the spec does not turn them on. */
    public static Optional<String> port(Mapping spec) {
        return spec.mapping("metrics")
                .map(metrics ->
                        metrics.scalar("port").map(Scalar::text).orElse(Integer.toString(MetricsSpec.DEFAULT_PORT)));
    }

    private static void twice(Mapping config, Findings findings) {
        SET_BY_METRICS.stream()
                .filter(config.fields()::containsKey)
                .forEach(key -> findings.violation(
                        config.fields().get(key).key(),
                        "spec.config." + key,
                        "spec.metrics sets this key: remove one of the two"));
    }

    /** What else listens on a port of the server's pod. */
    private static Optional<String> userOf(String port, Mapping spec) {
        return Optional.ofNullable(SERVER_PORTS.get(port))
                .or(() -> adminPort(spec).filter(port::equals).map(admin -> "the AdminServer"))
                .or(() -> spec.scalar("config", "observerMasterPort")
                        .filter(master -> master.text().equals(port))
                        .map(master -> "config.observerMasterPort"));
    }

    private static Optional<String> adminPort(Mapping spec) {
        return spec.scalar("config", "admin.enableServer")
                .filter(enabled -> enabled.text().equals("true"))
                .map(enabled -> spec.scalar("config", "admin.serverPort")
                        .map(Scalar::text)
                        .orElse("8080"));
    }
}
