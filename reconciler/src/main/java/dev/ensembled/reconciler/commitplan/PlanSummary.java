package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Gate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The short texts of a plan, which every form of it uses. */
public final class PlanSummary {
    private static final long MINUTE = 60;
    private static final String WINDOW = Gate.WINDOW.toString();

    private static final Map<Action, String> ACTIONS = new EnumMap<>(Map.of(
            Action.REFUSE, "refused",
            Action.REMOVE, "removed",
            Action.AWAIT_REMOVAL, "kept until the removal is confirmed",
            Action.CREATE, "created",
            Action.UPDATE, "changed",
            Action.ORPHAN, "orphaned (keeps running)",
            Action.HOLD, "held",
            Action.KEEP, "unchanged"));

    private PlanSummary() {}

    /** Returns one line about the whole plan. */
    public static String of(CommitPlan plan) {
        String counts = counts(plan);
        return switch (plan.result()) {
            case NO_CHANGES -> "Nothing to do";
            case CHANGES -> "Plan: " + counts;
            case INVALID -> "Invalid: " + count(plan.violations().size(), "violation") + joined(counts);
            case REFUSED -> "Refused: " + counts;
        };
    }

    private static String joined(String counts) {
        return counts.isEmpty() ? "" : "; " + counts;
    }

    private static String counts(CommitPlan plan) {
        Map<Action, Long> actions = plan.ensembles().stream()
                .filter(EnsemblePlan::changesAnything)
                .collect(Collectors.groupingBy(
                        EnsemblePlan::action, () -> new EnumMap<>(Action.class), Collectors.counting()));
        List<String> parts = new ArrayList<>();
        actions.forEach((action, number) -> parts.add(count(number, "ensemble") + " " + ACTIONS.get(action)));
        long restarts =
                plan.ensembles().stream().mapToLong(EnsemblePlan::restarts).sum();
        if (restarts > 0) {
            parts.add(count(restarts, "restart"));
        }
        return String.join(", ", parts);
    }

    /** Returns what happens to an ensemble, in a few words. */
    public static String of(EnsemblePlan plan) {
        long restarts = plan.restarts();
        long later = plan.afterGate() == null ? 0 : plan.afterGate().restarts();
        String steps = restarts == 0 ? "" : ", " + count(restarts, "restart");
        String held = later == 0
                ? ""
                : ", " + count(later, restarts == 0 ? "restart" : "more restart") + " " + condition(plan.afterGate());
        boolean quiet = plan.action() == Action.UPDATE && restarts == 0 && later == 0;
        return ACTIONS.get(plan.action()) + (quiet ? ", no restart" : steps + held);
    }

    /** Returns when the steps after a gate are taken. */
    private static String condition(PlannedContinuation after) {
        return "once " + gates(after) + (after.gates().size() == 1 ? " is open" : " are open");
    }

    /** Returns what the steps after a gate assume, as a title. */
    public static String of(PlannedContinuation after) {
        return "As if " + gates(after) + " were open";
    }

    private static String gates(PlannedContinuation after) {
        return (after.gates().size() == 1 ? "the gate " : "the gates ") + String.join(", ", after.gates());
    }

    /** Returns how a rollout would end, in a few words. */
    public static String of(PlannedEnding ending) {
        String gate = ending.gate() == null ? "" : " at the gate " + ending.gate();
        return switch (ending.kind()) {
            case DONE -> "done";
            case HELD -> "Would be held" + gate;
            case STALLED -> "Would be held" + gate + " until a person acts";
            case REFUSED -> "Would be refused";
        };
    }

    /** Returns why a step is taken; empty if its description says everything. */
    public static String why(PlannedStep step) {
        return step.reasons().isEmpty()
                ? ""
                : step.reasons().stream().map(RestartReason::text).collect(Collectors.joining(", "));
    }

    /** Returns how long a restart is expected to take; empty for other steps. */
    public static String takes(PlannedStep step) {
        if (!step.restart()) {
            return "";
        }
        return step.expectedSeconds() == null ? "unknown" : "about " + duration(step.expectedSeconds());
    }

    /** Returns what a step waits for before it: a window of the calendar has a time, and other gates have a duration. */
    public static String of(PlannedStep.TimedGate wait) {
        return wait.gate() + (WINDOW.equals(wait.gate()) ? ", until " + wait.until() : ", " + duration(wait.seconds()));
    }

    /** Returns a duration in seconds, or in minutes and seconds. */
    public static String duration(long seconds) {
        return seconds < MINUTE ? seconds + " s" : seconds / MINUTE + " min " + seconds % MINUTE + " s";
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
