package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.Ending;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line about the rollout of an accepted commit, such as {@code commit 1a2b3c4d5e: 3 restarts (1, 3, then leader 2);
 * config.maxClientCnxns 200 -> 201}. Pure.
 */
public final class PlannedLine {
    private static final int SHORT_COMMIT = 10;
    private static final int SHOWN_CHANGES = 5;
    private static final int LONGEST_VALUE = 60;

    private PlannedLine() {}

    /**
     * Returns the line.
     *
     * @param forecast after the objects of the spec were applied
     * @param continuation as if the gate that ends the forecast were open
     */
    public static String of(
            String commit, List<SpecChange> changes, Forecast forecast, Optional<Continuation> continuation) {
        List<String> parts = new ArrayList<>();
        boolean nothingBefore = continuation.isPresent() && forecast.steps().isEmpty();
        if (!nothingBefore) {
            parts.add(steps(forecast.steps()));
        }
        continuation.ifPresentOrElse(
                after -> parts.add(steps(after.steps()) + " once " + gates(after.opened()) + " open"),
                () -> held(forecast.ending()).ifPresent(parts::add));
        parts.addAll(changes.stream()
                .limit(SHOWN_CHANGES)
                .map(change -> change.path() + " " + value(change.before()) + " -> " + value(change.after()))
                .toList());
        if (changes.size() > SHOWN_CHANGES) {
            parts.add((changes.size() - SHOWN_CHANGES) + " more changes of the spec");
        }
        String shortened = commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
        return SafeText.of("commit " + shortened + ": " + String.join("; ", parts));
    }

    private static String steps(List<ForecastStep> steps) {
        List<ForecastStep> restarts =
                steps.stream().filter(step -> step.step().restartsMember()).toList();
        long others = steps.stream()
                .filter(step -> !step.step().restartsMember()
                        && step.step().sanityTest().isEmpty())
                .count();
        String text = restarts.isEmpty()
                ? "no restart"
                : restarts.size() + (restarts.size() == 1 ? " restart" : " restarts") + " (" + members(restarts) + ")";
        return others == 0 ? text : text + ", " + others + (others == 1 ? " other step" : " other steps");
    }

    private static String members(List<ForecastStep> restarts) {
        StringBuilder members = new StringBuilder();
        for (ForecastStep restart : restarts) {
            boolean leads = restart.role().filter(role -> role == Role.LEADER).isPresent();
            boolean first = members.isEmpty();
            members.append(first ? "" : ", ")
                    .append(leads && !first ? "then " : "")
                    .append(leads ? "leader " : "")
                    .append(restart.step().affectedMember().orElseThrow());
        }
        return members.toString();
    }

    private static String gates(List<Gate> gates) {
        String names = gates.stream().map(Gate::toString).collect(Collectors.joining(", "));
        return gates.size() == 1 ? "the gate " + names + " is" : "the gates " + names + " are";
    }

    private static Optional<String> held(Ending ending) {
        return ending.accept(new Ending.Visitor<>() {
            @Override
            public Optional<String> visit(Ending.Done done) {
                return Optional.empty();
            }

            @Override
            public Optional<String> visit(Ending.Refused refused) {
                return Optional.of("refused: " + refused.reason());
            }

            @Override
            public Optional<String> visit(Ending.Held held) {
                return Optional.of("then held at the gate " + held.gate());
            }
        });
    }

    private static String value(Optional<String> value) {
        return value.map(text -> text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "..." : text)
                .orElse("(unset)");
    }
}
