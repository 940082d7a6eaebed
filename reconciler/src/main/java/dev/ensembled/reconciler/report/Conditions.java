package dev.ensembled.reconciler.report;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The conditions as kstatus defines them: Ready when all is as wanted and the sanity test has passed, Reconciling while
 * a step is taken or a gate is closed, Stalled when a person must act. Available is independent of these: whether
 * clients are served at the moment. RemovalPending is there only while a removal waits for a confirmation.
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

    List<Condition> of(Observed observed, Decision decision, Optional<SourceStatus> source) {
        Text text = decision.accept(TEXT);
        String reason = text.reason();
        String message = text.message();
        boolean done = text.progress() == Progress.READY;
        boolean stalled = text.progress() == Progress.STALLED;
        List<Condition> conditions = new ArrayList<>(List.of(
                condition("Ready", done, reason, message),
                condition("Reconciling", text.progress() == Progress.RECONCILING, reason, message),
                condition("Stalled", stalled, stalled ? reason : "NotStalled", stalled ? message : ""),
                available(observed)));
        source.filter(one -> one.removal() != null)
                .map(one -> condition("RemovalPending", true, "ConfirmationRequired", one.message()))
                .ifPresent(conditions::add);
        return List.copyOf(conditions);
    }

    private Condition available(Observed observed) {
        long serving = observed.members().stream().filter(Member::serves).count();
        String message = serving + " of " + observed.members().size() + " members are serving; "
                + observed.leader().map(m -> "member " + m.id() + " leads").orElse("no leader");
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

    /** Which one of the conditions of kstatus is true. */
    private enum Progress {
        READY,
        RECONCILING,
        STALLED
    }

    /** The reason and the message of a decision. */
    private record Text(Progress progress, String reason, String message) {}

    private static final Decision.Visitor<Text> TEXT = new Decision.Visitor<>() {
        @Override
        public Text visit(Decision.Act act) {
            return new Text(
                    Progress.RECONCILING, act.step().reason(), act.step().describe() + ": " + act.reason());
        }

        @Override
        public Text visit(Decision.Wait wait) {
            return new Text(Progress.RECONCILING, camelCase(wait.gate().toString()), wait.reason());
        }

        @Override
        public Text visit(Decision.Stalled stalled) {
            return new Text(Progress.STALLED, camelCase(stalled.gate().toString()), stalled.reason());
        }

        @Override
        public Text visit(Decision.Done done) {
            return new Text(
                    Progress.READY, "Settled", "every member runs the wanted revision and the sanity test passed");
        }

        @Override
        public Text visit(Decision.Refused refused) {
            return new Text(Progress.STALLED, "Refused", refused.reason());
        }
    };

    /** Converts a gate's name to a condition reason, as the Kubernetes API conventions require it. */
    static String camelCase(String kebabCase) {
        return Arrays.stream(kebabCase.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }
}
