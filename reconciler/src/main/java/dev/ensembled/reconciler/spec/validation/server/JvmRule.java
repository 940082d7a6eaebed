package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.model.Bytes;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The heap has a valid size, and the options reach the JVM unchanged and change no setting that ensembled owns. */
public final class JvmRule implements SpecRule {
    private static final BigDecimal MIN_HEAP = BigDecimal.valueOf(64L << 20);
    private static final BigDecimal MAX_HEAP = BigDecimal.valueOf(256L << 30);
    private static final Pattern OPTION = Pattern.compile(EnsembleSpec.OPTION_PATTERN);
    private static final Pattern SHELL = Pattern.compile("[^A-Za-z0-9_@%+=:,./-]");
    private static final Pattern HEAP =
            Pattern.compile("-Xm[xsn].*|-XX:(Initial|Max|Min)(Heap|RAM).*|-XX:[+-]UseContainerSupport");
    private static final Pattern ALLOWED = Pattern.compile(
            "-(D[^=]|X|ea|da|esa|dsa|javaagent:|agentlib:|agentpath:|verbose:|server$)\\S*|--(add-|enable-|illegal-)\\S+");
    private static final String ZOOKEEPER_PROPERTY = "-Dzookeeper.";
    private static final List<String> NAME_CACHE =
            List.of("-Dsun.net.inetaddr.ttl", "-Dsun.net.inetaddr.negative.ttl", "-Dnetworkaddress.cache");

    private final JvmOptions accepted;

    public JvmRule(JvmOptions accepted) {
        this.accepted = accepted;
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.string("jvm", "heap").ifPresent(heap -> heap(heap, findings));
        List<YamlNode> options = spec.items("jvm", "options");
        for (int index = 0; index < options.size(); index++) {
            if (options.get(index) instanceof Scalar option
                    && option.kind() == ScalarKind.STRING
                    && OPTION.matcher(option.text()).matches()) {
                String field = "spec.jvm.options[" + index + "]";
                objection(option.text()).ifPresent(text -> findings.violation(option.location(), field, text));
            }
        }
    }

    /** Whether a text is a size of a heap within the range that ZooKeeper can use. */
    public static boolean isHeap(String heap) {
        return Bytes.of(heap).filter(JvmRule::isUsable).isPresent();
    }

    private static boolean isUsable(BigDecimal heap) {
        return heap.compareTo(MIN_HEAP) >= 0 && heap.compareTo(MAX_HEAP) <= 0;
    }

    private static void heap(Scalar heap, Findings findings) {
        Bytes.of(heap.text())
                .filter(bytes -> !isUsable(bytes))
                .ifPresent(bytes -> findings.violation(
                        heap.location(), "spec.jvm.heap", "must be from 64Mi to 256Gi, not " + heap.text()));
    }

    private Optional<String> objection(String option) {
        if (HEAP.matcher(option).matches()) {
            return Optional.of("the heap size is set by spec.jvm.heap: remove " + option);
        }
        if (NAME_CACHE.stream().anyMatch(option::startsWith)) {
            return Optional.of("ensembled sets how long servers cache host names, since a restarted server has a new"
                    + " address: remove it");
        }
        if (option.startsWith(ZOOKEEPER_PROPERTY)) {
            String key = option.substring(ZOOKEEPER_PROPERTY.length()).replaceFirst("=.*", "");
            Optional<String> owned = OwnedKeys.whyOwned(key);
            if (owned.isPresent()) {
                return Optional.of("ensembled owns " + key + ": " + owned.get());
            }
            if (VoteCountingRule.isVoteCountingKey(key)) {
                return Optional.of("ZooKeeper does not read " + key + " from a system property: set it in spec.config");
            }
        }
        if (SHELL.matcher(option).find()) {
            return Optional.of(
                    "must contain only letters, digits and _ @ % + = : , . / -, since the shell that starts the JVM"
                            + " interprets other characters");
        }
        if (!ALLOWED.matcher(option).matches()) {
            return Optional.of(option + " is not a supported option: use options of the JVM, such as -D, -X or -XX:");
        }
        return accepted == JvmOptions.ANY ? Optional.empty() : SafeJvmOptions.objection(option);
    }
}
