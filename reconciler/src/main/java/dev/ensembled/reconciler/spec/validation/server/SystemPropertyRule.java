package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.validation.server.ServerKeys.ServerKey;
import dev.ensembled.reconciler.spec.validation.server.ServerKeys.Where;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses options such as {@code -Dzookeeper.snapCount=5} if no server reads them, or if zoo.cfg would override them.
 * Options that ensembled owns are refused by {@link JvmRule}.
 */
public final class SystemPropertyRule implements SpecRule {
    private static final Pattern OPTION = Pattern.compile("-D([^=]+)=?(.*)");
    private static final String PREFIX = "zookeeper.";
    private static final String WRITTEN_BY_DEFAULT = "admin.enableServer";
    /** Properties that ZooKeeper reads with and without the prefix. */
    private static final List<String> BOTH_WAYS = List.of(
            "fsync.warningthresholdms", "leader.closeSocketAsync", "learner.asyncSending", "learner.closeSocketAsync");

    @Override
    public void check(Mapping spec, Findings findings) {
        List<YamlNode> options = spec.items("jvm", "options");
        for (int index = 0; index < options.size(); index++) {
            String field = "spec.jvm.options[" + index + "]";
            if (options.get(index) instanceof Scalar option) {
                Matcher property = OPTION.matcher(option.text());
                if (property.matches()) {
                    objection(property.group(1), property.group(2), spec)
                            .ifPresent(text -> findings.violation(option.location(), field, text));
                }
            }
        }
    }

    private static Optional<String> objection(String name, String value, Mapping spec) {
        if (name.startsWith(PREFIX)) {
            String key = name.substring(PREFIX.length());
            return OwnedKeys.whyOwned(key).isPresent() || VoteCountingRule.isVoteCountingKey(key)
                    ? Optional.empty()
                    : prefixed(key, value, spec);
        }
        Optional<ServerKey> known = ServerKeys.of(name);
        if (known.filter(key -> key.where() == Where.JVM).isPresent()) {
            return known.get().kind().objection(value).map(text -> "the value of " + name + " " + text);
        }
        boolean unread = known.isPresent() && known.get().where() != Where.ELSEWHERE && !BOTH_WAYS.contains(name);
        return unread || ServerKeys.ofHeading(name).isPresent()
                ? Optional.of("the server does not read the system property " + name + ": set "
                        + ServerKeys.ofHeading(name).orElse(name) + " in spec.config")
                : Optional.empty();
    }

    private static Optional<String> prefixed(String key, String value, Mapping spec) {
        Optional<ServerKey> known = ServerKeys.of(key);
        if (known.isEmpty()) {
            return ServerKeys.ofHeading(key)
                    .or(() -> OwnedKeys.suggestion(key))
                    .map(meant -> "the server does not read " + PREFIX + key + ": did you mean " + meant
                            + "? Set it in spec.config");
        }
        if (known.get().where() == Where.JVM) {
            return Optional.of("the server does not read " + PREFIX + key + ": use -D" + key + "=" + value);
        }
        if (known.get().where() == Where.FILE || key.equals(WRITTEN_BY_DEFAULT)) {
            return Optional.of(
                    "the server reads " + key + " from zoo.cfg, not from a system property: set it in spec.config");
        }
        if (spec.mapping("config")
                .filter(config -> config.fields().containsKey(key))
                .isPresent()) {
            return Optional.of("spec.config also sets " + key + ", and takes precedence: remove one of the two");
        }
        return OwnedKeys.tooNew(known.get(), spec)
                .or(() -> known.get().kind().objection(value).map(text -> "the value of " + key + " " + text));
    }
}
