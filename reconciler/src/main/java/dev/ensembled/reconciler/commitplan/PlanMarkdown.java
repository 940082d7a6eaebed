package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.commitplan.PlannedEnding.Kind;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Writes a plan as Markdown, for a comment on a pull request. The files are from outside, so every text is either in a code
 * span, or has no character that Markdown, HTML or a forge interprets.
 */
public final class PlanMarkdown {
    /** Forges refuse longer comments: GitHub at 65,536 characters. */
    private static final int MAX_CHARACTERS = 60_000;

    private static final int MAX_VIOLATIONS = 50;

    private final StringBuilder out = new StringBuilder();

    /** The number of the last row of a table of steps. */
    private int row;

    private PlanMarkdown() {}

    /** Returns the Markdown, which ends with a line break. */
    public static String of(CommitPlan plan) {
        PlanMarkdown markdown = new PlanMarkdown();
        markdown.write(plan);
        return markdown.bounded();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private String bounded() {
        if (out.length() <= MAX_CHARACTERS) {
            return out.toString();
        }
        String kept = out.substring(0, MAX_CHARACTERS);
        return kept.substring(0, kept.lastIndexOf("\n\n") + 1)
                + "\nThe plan is longer than a comment may be; run `ensembled plan` to see the rest.\n";
    }

    private void write(CommitPlan plan) {
        line("### " + PlanSummary.of(plan));
        if (!plan.violations().isEmpty()) {
            line("");
            plan.violations().stream()
                    .limit(MAX_VIOLATIONS)
                    .forEach(violation -> line("- " + code(violation.toString())));
            if (plan.violations().size() > MAX_VIOLATIONS) {
                line("- and " + (plan.violations().size() - MAX_VIOLATIONS) + " more");
            }
        }
        plan.ensembles().stream().filter(EnsemblePlan::isOfInterest).forEach(this::write);
        plan.notes().forEach(note -> line("\nNote: " + text(note)));
    }

    private void write(EnsemblePlan plan) {
        line("\n#### " + code(plan.id().toString()) + ": " + PlanSummary.of(plan));
        if (plan.reason() != null) {
            line("\n" + text(plan.reason()));
        }
        if (!plan.changes().isEmpty()) {
            line("\n| Field | Before | After |\n| --- | --- | --- |");
            plan.changes()
                    .forEach(change -> line("| " + cell(change.path()) + " | " + cell(change.before()) + " | "
                            + cell(change.after()) + " |"));
        }
        row = 0;
        table(plan.steps());
        ending(plan);
        if (plan.afterGate() != null) {
            line("\n" + text(PlanSummary.of(plan.afterGate())) + ":");
            table(plan.afterGate().steps());
            held(plan.afterGate().ending());
        }
        plan.evictions().stream()
                .filter(trial -> !trial.allowed())
                .forEach(trial -> line("\nThe eviction of " + code(trial.instance()) + " would be blocked now: "
                        + text(Objects.requireNonNullElse(trial.message(), ""))));
    }

    private void table(List<PlannedStep> steps) {
        if (!steps.isEmpty()) {
            line(
                    "\n| | Step | Role | Why | More voters that may fail | Takes |\n| --- | --- | --- | --- | --- | --- |");
            steps.stream().filter(PlannedStep::isOfInterest).forEach(this::write);
        }
    }

    private void write(PlannedStep step) {
        step.waits().forEach(wait -> line("| | wait: " + text(PlanSummary.of(wait)) + " | | | | |"));
        row++;
        line("| " + row + " | " + text(step.step()) + " | " + text(orEmpty(step.role())) + " | "
                + text(PlanSummary.why(step)) + " | "
                + (step.votersThatMayFail() == null || !step.restart() ? "" : step.votersThatMayFail()) + " | "
                + text(PlanSummary.takes(step)) + " |");
    }

    private void ending(EnsemblePlan plan) {
        PlannedEnding ending = plan.ending();
        if (ending == null) {
            return;
        }
        OptionalLong expected = plan.expectedSeconds();
        if (ending.kind() == Kind.DONE) {
            if (expected.isPresent()) {
                line("\nThe restarts take about " + PlanSummary.duration(expected.getAsLong()) + " together.");
            }
        } else {
            held(ending);
        }
    }

    private void held(PlannedEnding ending) {
        if (ending.kind() != Kind.DONE) {
            line("\n**" + PlanSummary.of(ending) + "**: " + text(orEmpty(ending.reason())));
        }
    }

    private static String orEmpty(String text) {
        return Objects.requireNonNullElse(text, "");
    }

    /** A code span in a table, which ends at a bar that is not escaped. */
    private static String cell(String raw) {
        return raw == null ? "" : code(raw).replace("|", "\\|");
    }

    /** A code span; its fence is longer than any sequence of backticks in the text. */
    private static String code(String raw) {
        String shown = SafeText.of(raw);
        if (shown.isBlank()) {
            return "";
        }
        int longest = List.of(shown.split("[^`]+", -1)).stream()
                .mapToInt(String::length)
                .max()
                .orElse(0);
        String fence = "`".repeat(longest + 1);
        return longest == 0 ? fence + shown + fence : fence + " " + shown + " " + fence;
    }

    private static String text(String raw) {
        return SafeText.of(raw)
                .chars()
                .mapToObj(character -> "\\`*_{}[]<>()#+!|~@&".indexOf(character) < 0
                        ? Character.toString(character)
                        : "&#" + character + ";")
                .collect(Collectors.joining());
    }
}
