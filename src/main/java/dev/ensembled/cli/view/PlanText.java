package dev.ensembled.cli.view;

import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.text.Table;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.FieldChange;
import dev.ensembled.reconciler.commitplan.PlanSummary;
import dev.ensembled.reconciler.commitplan.PlannedEnding;
import dev.ensembled.reconciler.commitplan.PlannedStep;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A plan as text for people: the result first, then each ensemble that changes. */
public final class PlanText {
    private static final String UNSET = "(unset)";
    private static final String INDENT = "  ";

    private final Paint paint;
    private final List<String> lines = new ArrayList<>();

    /** The number of the last row of a table of steps. */
    private int row;

    private PlanText(Paint paint) {
        this.paint = paint;
    }

    /** Returns the lines of the text. */
    public static List<String> of(CommitPlan plan, Paint paint) {
        PlanText text = new PlanText(paint);
        text.write(plan);
        return text.lines;
    }

    private void write(CommitPlan plan) {
        lines.add(paint.bold(color(plan.result()).apply(PlanSummary.of(plan))));
        plan.violations().forEach(violation -> lines.add(INDENT + paint.red(safe(violation.toString()))));
        plan.ensembles().stream().filter(EnsemblePlan::isOfInterest).forEach(this::write);
        if (!plan.notes().isEmpty()) {
            lines.add("");
            plan.notes().forEach(note -> lines.add("note: " + safe(note)));
        }
    }

    private void write(EnsemblePlan plan) {
        lines.add("");
        lines.add(paint.bold(safe(plan.id().toString())) + ": " + PlanSummary.of(plan)
                + (plan.file() == null ? "" : " (" + safe(plan.file()) + ")"));
        if (plan.reason() != null) {
            lines.add(INDENT + safe(plan.reason()));
        }
        changes(plan.changes());
        row = 0;
        steps(plan.steps());
        plan.evictions().stream()
                .filter(trial -> !trial.allowed())
                .forEach(trial -> lines.add(INDENT
                        + paint.yellow("the eviction of " + safe(trial.instance()) + " would be blocked now")
                        + ": " + safe(trial.message())));
        if (plan.ending() != null) {
            write(plan, plan.ending());
        }
        if (plan.afterGate() != null) {
            lines.add("");
            lines.add(INDENT + paint.bold(safe(PlanSummary.of(plan.afterGate()))) + ":");
            steps(plan.afterGate().steps());
            held(plan.afterGate().ending());
        }
    }

    private void changes(List<FieldChange> changes) {
        int width = changes.stream()
                .mapToInt(change -> safe(change.path()).length())
                .max()
                .orElse(0);
        for (FieldChange change : changes) {
            String path = safe(change.path());
            lines.add(INDENT + path + " ".repeat(width - path.length() + 2)
                    + paint.red(change.before() == null ? UNSET : safe(change.before())) + " -> "
                    + paint.green(change.after() == null ? UNSET : safe(change.after())));
        }
    }

    private void steps(List<PlannedStep> steps) {
        if (steps.isEmpty()) {
            return;
        }
        Table table = new Table(INDENT, "STEP", "ROLE", "MAY FAIL", "TAKES", "WHY");
        List<PlannedStep> shown =
                steps.stream().filter(PlannedStep::isOfInterest).toList();
        for (PlannedStep step : shown) {
            row++;
            step.waits()
                    .forEach(wait -> table.add(paint::yellow, INDENT, "wait: " + PlanSummary.of(wait), "", "", "", ""));
            UnaryOperator<String> color = step.restart() ? paint::bold : UnaryOperator.identity();
            table.add(
                    color,
                    INDENT + row,
                    safe(step.step()),
                    Objects.requireNonNullElse(step.role(), ""),
                    mayFail(step),
                    PlanSummary.takes(step),
                    PlanSummary.why(step));
        }
        lines.add("");
        lines.addAll(table.lines());
    }

    private static String mayFail(PlannedStep step) {
        Integer voters = step.votersThatMayFail();
        if (!step.restart() || voters == null) {
            return "";
        }
        return voters < 0 ? "no quorum" : voters + (voters == 1 ? " voter" : " voters");
    }

    private void write(EnsemblePlan plan, PlannedEnding ending) {
        if (ending.kind() == PlannedEnding.Kind.DONE) {
            plan.expectedSeconds()
                    .ifPresent(seconds -> lines.add(
                            INDENT + "the restarts take about " + PlanSummary.duration(seconds) + " together"));
            return;
        }
        held(ending);
    }

    private void held(PlannedEnding ending) {
        if (ending.kind() == PlannedEnding.Kind.DONE) {
            return;
        }
        UnaryOperator<String> color = ending.kind() == PlannedEnding.Kind.REFUSED ? paint::red : paint::yellow;
        lines.add(INDENT + color.apply(PlanSummary.of(ending)) + ": " + safe(ending.reason())
                + (ending.docs() == null ? "" : " (" + ending.docs() + ")"));
    }

    private UnaryOperator<String> color(CommitPlan.Result result) {
        return switch (result) {
            case NO_CHANGES -> paint::green;
            case CHANGES -> paint::yellow;
            case INVALID, REFUSED -> paint::red;
        };
    }

    private static String safe(String text) {
        return SafeText.of(text);
    }
}
