package dev.ensembled.reconciler.report;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.EnsembleStatus.Condition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The conditions in the sense of kstatus: Ready when all is as wanted and proven, Reconciling while it is being done or
 * waited for, Stalled when a person must act. Available is apart from these: whether clients are served right now.
 */
final class Conditions {
    private final List<Condition> before;
    private final long generation;
    private final String now;

    Conditions(List<Condition> before, long generation, String now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    List<Condition> of(Observed observed, Decision decision) {
        String reason = reason(decision);
        String message = message(decision);
        boolean done = decision instanceof Decision.Done;
        boolean stalled = decision instanceof Decision.Stalled || decision instanceof Decision.Refused;
        return List.of(
                condition("Ready", done, reason, message),
                condition("Reconciling", !done && !stalled, reason, message),
                condition("Stalled", stalled, stalled ? reason : "NotStalled", stalled ? message : ""),
                available(observed));
    }

    private Condition available(Observed observed) {
        long serving = observed.members().stream().filter(Member::serves).count();
        String message = serving + " of " + observed.members().size() + " members serve, "
                + observed.leader().map(m -> "member " + m.id() + " leads").orElse("none is seen to lead");
        return observed.leader().isPresent()
                ? condition("Available", true, "LeaderSeen", message)
                : condition("Available", false, "NoLeader", message);
    }

    private Condition condition(String type, boolean status, String reason, String message) {
        String value = status ? "True" : "False";
        String since = before.stream()
                .filter(c -> c.type().equals(type) && c.status().equals(value))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElse(now);
        return new Condition(type, value, reason, message, since, generation);
    }

    private static String reason(Decision decision) {
        if (decision instanceof Decision.Act act) {
            return act.step().getClass().getSimpleName();
        } else if (decision instanceof Decision.Wait wait) {
            return camelCase(wait.gate());
        } else if (decision instanceof Decision.Stalled stalled) {
            return camelCase(stalled.gate());
        }
        return decision instanceof Decision.Done ? "Settled" : "Refused";
    }

    private static String message(Decision decision) {
        if (decision instanceof Decision.Act act) {
            return act.step().describe() + ": " + act.reason();
        } else if (decision instanceof Decision.Wait wait) {
            return wait.reason();
        } else if (decision instanceof Decision.Stalled stalled) {
            return stalled.reason();
        } else if (decision instanceof Decision.Refused refused) {
            return refused.reason();
        }
        return "every member runs the wanted revision, and a write was read back";
    }

    /** A gate's name as the API conventions want a reason. */
    static String camelCase(String kebabCase) {
        return Arrays.stream(kebabCase.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }
}
