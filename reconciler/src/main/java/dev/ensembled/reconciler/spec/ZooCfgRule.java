package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.YamlNode.Field;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys and values of {@code config}. Keys that ensembled owns are refused, and so are obvious typos; what is otherwise
 * unknown is passed on, since ZooKeeper turns it into a system property.
 */
final class ZooCfgRule implements SpecRule {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cntrl}\\\\]");
    /** The schema refuses more. */
    private static final int MOST_KEYS = 256;

    private static final String PREFIX = "zookeeper.";

    /** From ZooKeeper's administrator's guide; a limit of 0 is none. */
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

    private static final Set<String> BOOLEANS = Set.of(
            "localSessionsEnabled",
            "localSessionsUpgradingEnabled",
            "syncEnabled",
            "multiAddress.enabled",
            "multiAddress.reachabilityCheckEnabled");

    private record Range(long least, long most, String unit) {}

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Mapping> config =
                spec.mapping("config").filter(mapping -> mapping.fields().size() <= MOST_KEYS);
        config.ifPresent(mapping -> mapping.fields().forEach((key, field) -> {
            key(key, field, findings);
            value(key, field, findings);
        }));
        config.ifPresent(mapping -> sessionTimeouts(mapping, findings));
    }

    private static void key(String key, Field field, Findings findings) {
        String path = "spec.config." + key;
        Optional<String> owned = ZooCfgKeys.whyOwned(key);
        if (owned.isPresent()) {
            findings.violation(field.key(), path, "ensembled owns this key: " + owned.get() + ". Remove it");
        } else if (key.startsWith(PREFIX)) {
            findings.violation(
                    field.key(),
                    path,
                    "write " + key.substring(PREFIX.length()) + ": ZooKeeper adds " + PREFIX + " to the name itself");
        } else if (!KEY.matcher(key).matches()) {
            findings.violation(
                    field.key(), path, "a key of zoo.cfg consists of letters, digits, dots, dashes and underscores");
        } else if (!ZooCfgKeys.known(key)) {
            unknown(key, field, findings);
        }
    }

    private static void unknown(String key, Field field, Findings findings) {
        String path = "spec.config." + key;
        Optional<String> meant = ZooCfgKeys.meant(key);
        if (meant.isEmpty()) {
            findings.note(field.key(), path, "ensembled does not know this key, and passes it on as it is");
            return;
        }
        String owned = ZooCfgKeys.whyOwned(meant.get())
                .map(reason -> " That key is owned by ensembled: " + reason)
                .orElse("");
        findings.violation(field.key(), path, "ZooKeeper has no such key: did you mean " + meant.get() + "?" + owned);
    }

    private static void value(String key, Field field, Findings findings) {
        String path = "spec.config." + key;
        if (!(field.value() instanceof Scalar value)) {
            return;
        }
        String text = value.text();
        if (value.kind() == ScalarKind.NULL || text.isBlank()) {
            findings.violation(value.place(), path, "has no value: write one, or remove the key");
        } else if (UNSAFE.matcher(text).find()) {
            findings.violation(
                    value.place(),
                    path,
                    "must be one line without control characters and backslashes, which zoo.cfg would read as an escape");
        } else if (!text.equals(text.strip())) {
            findings.violation(value.place(), path, "must not begin or end with spaces, which zoo.cfg would drop");
        } else if (Scalars.ambiguity(value).isEmpty()) {
            meaning(key, path, value, findings);
        }
    }

    private static void meaning(String key, String path, Scalar value, Findings findings) {
        Range range = RANGES.get(key);
        if (range != null && !inside(range, value.text())) {
            findings.violation(
                    value.place(),
                    path,
                    "must be a whole number from %d to %d (%s)".formatted(range.least(), range.most(), range.unit()));
        }
        if (BOOLEANS.contains(key)
                && !value.text().equals("true")
                && !value.text().equals("false")) {
            findings.violation(value.place(), path, "must be true or false");
        }
        if (key.equals("forceSync") && !value.text().equals("yes")) {
            findings.note(value.place(), path, "a crash of several machines can now lose acknowledged writes");
        }
    }

    private static boolean inside(Range range, String text) {
        if (!text.matches("[0-9]{1,10}")) {
            return false;
        }
        long number = Long.parseLong(text);
        return number >= range.least() && number <= range.most();
    }

    private static void sessionTimeouts(Mapping config, Findings findings) {
        Optional<BigInteger> least = config.scalar("minSessionTimeout").flatMap(Scalars::integer);
        Optional<BigInteger> most = config.scalar("maxSessionTimeout").flatMap(Scalars::integer);
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            findings.violation(
                    config.scalar("minSessionTimeout").orElseThrow().place(),
                    "spec.config.minSessionTimeout",
                    "must not be greater than maxSessionTimeout (" + most.get() + ")");
        }
    }
}
