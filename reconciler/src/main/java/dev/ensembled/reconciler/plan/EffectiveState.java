package dev.ensembled.reconciler.plan;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the reported state of a running server differs from the spec, although its instance was created from the wanted
 * revision: for example an image whose content is another version than its tag says, or a configuration file that was
 * changed in place.
 */
public final class EffectiveState {
    /** Settings that a server reports as they were configured, and not as it computes them. */
    private static final Set<String> COMPARED =
            Set.of("tickTime", "initLimit", "syncLimit", "maxClientCnxns", "minSessionTimeout", "maxSessionTimeout");

    private static final Pattern NUMBERS = Pattern.compile("^(\\d+\\.\\d+\\.\\d+)");
    private static final Pattern SET = Pattern.compile("\\d{1,9}");

    private EffectiveState() {}

    /** Describes the difference for people; empty if there is none or the server does not serve. */
    public static Optional<String> drift(Desired desired, Member member) {
        return member.server().serving().flatMap(serving -> drift(desired, serving));
    }

    private static Optional<String> drift(Desired desired, Server.Serving serving) {
        List<String> differences = new ArrayList<>();
        numbers(desired.spec().version())
                .filter(wanted -> !wanted.equals(serving.version()))
                .ifPresent(wanted -> differences.add("runs version " + serving.version() + " instead of " + wanted));
        new TreeMap<>(desired.spec().config()).forEach((key, wanted) -> {
            String reported = serving.settings().get(key);
            boolean comparable = COMPARED.contains(key)
                    && reported != null
                    && SET.matcher(wanted).matches()
                    && SET.matcher(reported).matches();
            if (comparable && Integer.parseInt(wanted) != Integer.parseInt(reported)) {
                differences.add("has " + key + " " + reported + " instead of " + wanted);
            }
        });
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    /** Returns the three numbers of a version, without a vendor's suffix. */
    public static Optional<String> numbers(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        return numbers.find() ? Optional.of(numbers.group(1)) : Optional.empty();
    }
}
