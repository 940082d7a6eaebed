package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.server.ServerKeys.ServerKey;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Field;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys and values of {@code config}. Keys that ensembled owns are refused, as are obvious typos; other unknown keys
 * are passed on, because ZooKeeper turns them into system properties.
 */
public final class ZooCfgRule implements SpecRule {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029\\\\]");
    /** The schema refuses more keys. */
    private static final int MAX_KEYS = 256;

    private static final String PREFIX = "zookeeper.";

    /** The ranges in ZooKeeper's administrator's guide; a limit of 0 means no limit. */
    private static final Map<String, Range> RANGES = Map.of(
            "tickTime", new Range(100, 60_000, "milliseconds"),
            "initLimit", new Range(1, 10_000, "ticks"),
            "syncLimit", new Range(1, 10_000, "ticks"),
            "maxClientCnxns", new Range(0, 1_000_000, "connections for each address"),
            "autopurge.snapRetainCount", new Range(3, 1_000, "snapshots"),
            "autopurge.purgeInterval", new Range(0, 8_760, "hours"),
            "snapCount", new Range(2, 100_000_000, "transactions"),
            "minSessionTimeout", new Range(1, Integer.MAX_VALUE, "milliseconds"),
            "maxSessionTimeout", new Range(1, Integer.MAX_VALUE, "milliseconds"));

    private record Range(long min, long max, String unit) {}

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Mapping> config =
                spec.mapping("config").filter(mapping -> mapping.fields().size() <= MAX_KEYS);
        config.ifPresent(mapping -> mapping.fields().forEach((key, field) -> {
            key(key, field, spec, findings);
            value(key, field, findings);
        }));
        config.ifPresent(mapping -> sessionTimeouts(mapping, findings));
    }

    private static void key(String key, Field field, Mapping spec, Findings findings) {
        String path = "spec.config." + key;
        Optional<String> owned = OwnedKeys.whyOwned(key);
        if (owned.isPresent()) {
            findings.violation(field.key(), path, "ensembled owns this key: " + owned.get() + ". Remove it");
        } else if (key.startsWith(PREFIX)) {
            findings.violation(
                    field.key(),
                    path,
                    "must be " + key.substring(PREFIX.length()) + ": ZooKeeper adds the prefix " + PREFIX + " itself");
        } else if (!KEY.matcher(key).matches()) {
            findings.violation(field.key(), path, "must consist of letters, digits, dots, dashes and underscores");
        } else if (ServerKeys.of(key).isPresent()) {
            read(ServerKeys.of(key).get(), field, spec, findings);
        } else if (!OwnedKeys.known(key)) {
            unknown(key, field, findings);
        }
    }

    /** Checks a key that is read by some program: whether the server reads it, by way of zoo.cfg, in this version. */
    private static void read(ServerKey key, Field field, Mapping spec, Findings findings) {
        Optional<String> objection =
                switch (key.where()) {
                    case FILE, PROPERTY -> OwnedKeys.tooNew(key, spec);
                    case JVM ->
                        Optional.of("is a system property that zoo.cfg does not set: remove it, and add -D"
                                + key.name() + "=" + (field.value() instanceof Scalar value ? value.text() : "...")
                                + " to spec.jvm.options");
                    case ELSEWHERE -> Optional.of("is read by clients and tools only, not by servers: remove it");
                };
        objection.ifPresent(text -> findings.violation(field.key(), "spec.config." + key.name(), text));
    }

    private static void unknown(String key, Field field, Findings findings) {
        String path = "spec.config." + key;
        Optional<String> heading = ServerKeys.ofHeading(key);
        if (heading.isPresent()) {
            findings.violation(
                    field.key(), path, "is a heading in the guide of ZooKeeper, not a key: use " + heading.get());
            return;
        }
        Optional<String> suggestion = OwnedKeys.suggestion(key);
        if (suggestion.isEmpty()) {
            findings.note(field.key(), path, "unknown to ZooKeeper: passed on as the system property " + PREFIX + key);
            return;
        }
        String owned = OwnedKeys.whyOwned(suggestion.get())
                .map(reason -> " ensembled owns that key: " + reason)
                .orElse("");
        findings.violation(field.key(), path, "unknown key: did you mean " + suggestion.get() + "?" + owned);
    }

    private static void value(String key, Field field, Findings findings) {
        String path = "spec.config." + key;
        if (!(field.value() instanceof Scalar value)) {
            return;
        }
        String text = value.text();
        if (value.kind() == ScalarKind.NULL || text.isBlank()) {
            findings.violation(value.location(), path, "must not be empty: set a value, or remove the key");
        } else if (UNSAFE.matcher(text).find()) {
            findings.violation(
                    value.location(),
                    path,
                    "must be a single line without control characters and backslashes, which start an escape in zoo.cfg");
        } else if (!text.equals(text.strip())) {
            findings.violation(value.location(), path, "must not begin or end with spaces, which zoo.cfg drops");
        } else if (Scalars.ambiguity(value).isEmpty()) {
            checkMeaning(key, path, value, findings);
        }
    }

    private static void checkMeaning(String key, String path, Scalar value, Findings findings) {
        Range range = RANGES.get(key);
        if (range != null && !inside(range, value.text())) {
            findings.violation(
                    value.location(),
                    path,
                    "must be a whole number from %d to %d (%s)".formatted(range.min(), range.max(), range.unit()));
        }
        if (range == null) {
            kind(key).objection(value.text()).ifPresent(text -> findings.violation(value.location(), path, text));
        }
        if (key.equals("forceSync") && !value.text().equals("yes")) {
            findings.note(value.location(), path, "acknowledged writes can be lost if several machines crash at once");
        }
    }

    /** The kind of value of a key. The name after the prefix of an authentication provider is free. */
    private static ValueKind kind(String key) {
        ValueKind otherwise = key.startsWith("authProvider.") ? ValueKind.CLASS : ValueKind.TEXT;
        return ServerKeys.of(key).map(ServerKey::kind).orElse(otherwise);
    }

    private static boolean inside(Range range, String text) {
        if (!text.matches("[0-9]{1,10}")) {
            return false;
        }
        long number = Long.parseLong(text);
        return number >= range.min() && number <= range.max();
    }

    private static void sessionTimeouts(Mapping config, Findings findings) {
        Optional<BigInteger> least = config.scalar("minSessionTimeout").flatMap(Scalars::integer);
        Optional<BigInteger> most = config.scalar("maxSessionTimeout").flatMap(Scalars::integer);
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            findings.violation(
                    config.scalar("minSessionTimeout").orElseThrow().location(),
                    "spec.config.minSessionTimeout",
                    "must not be greater than maxSessionTimeout (" + most.get() + ")");
        }
    }
}
