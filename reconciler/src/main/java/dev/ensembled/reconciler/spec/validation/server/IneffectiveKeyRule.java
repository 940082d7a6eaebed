package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;

/**
 * Notes keys of {@code config} without effect, because a server reads them only if another key enables their feature.
 */
public final class IneffectiveKeyRule implements SpecRule {
    private static final String ANY = "";

    /**
     * Keys that begin with {@code prefix} take effect only together with another key.
     *
     * @param value the value that the other key must have; {@link #ANY} for any value
     */
    private record Condition(String prefix, String other, String value) {}

    private static final List<Condition> CONDITIONS = List.of(
            new Condition("admin.", "admin.enableServer", "true"),
            new Condition("metricsProvider.", "metricsProvider.className", ANY),
            new Condition("netty.", "serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory"),
            new Condition("audit.impl.class", "audit.enable", "true"),
            new Condition("enforce.auth.schemes", "enforce.auth.enabled", "true"),
            new Condition("localSessionsUpgradingEnabled", "localSessionsEnabled", "true"),
            new Condition("multiAddress.reachability", "multiAddress.enabled", "true"),
            new Condition("emulate353TTLNodes", "extendedTypesEnabled", "true"));

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.mapping("config").ifPresent(config -> config.fields().forEach((key, field) -> CONDITIONS.stream()
                .filter(condition -> key.startsWith(condition.prefix()) && !key.equals(condition.other()))
                .filter(condition -> !isMet(condition, config) && !isMetBy(condition, spec))
                .forEach(condition -> findings.note(
                        field.key(),
                        "spec.config." + key,
                        "has no effect without " + condition.other()
                                + (condition.value().equals(ANY) ? "" : ": " + condition.value())))));
    }

    /** {@code metrics} sets the provider whose other keys {@code config} may set. */
    private static boolean isMetBy(Condition condition, Mapping spec) {
        return condition.prefix().equals("metricsProvider.")
                && spec.mapping("metrics").isPresent();
    }

    private static boolean isMet(Condition condition, Mapping config) {
        return config.scalar(condition.other())
                .map(Scalar::text)
                .filter(text -> condition.value().equals(ANY) || text.equals(condition.value()))
                .isPresent();
    }
}
