package dev.ensembled.cli;

import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.commitplan.FieldChange;
import dev.ensembled.reconciler.commitplan.PlanSummary;
import dev.ensembled.reconciler.commitplan.PlannedEnding;
import dev.ensembled.reconciler.commitplan.PlannedStep;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Writes a plan for a terminal: the result first, then each ensemble that changes. Colours only where they are wanted. */
final class PlanText {
    private static final int FIELD = 36;
    private static final int STEP = 58;
    private static final int NARROW = 12;
    private static final int WIDE = 40;

    private final ColorScheme colors;
    private final StringBuilder out = new StringBuilder();

    private PlanText(ColorScheme colors) {
        this.colors = colors;
    }

    static String of(CommitPlan plan, ColorScheme colors) {
        PlanText text = new PlanText(colors);
        text.write(plan);
        return text.out.toString();
    }

    private void write(CommitPlan plan) {
        line(styled(color(plan.result()) + ",bold", PlanSummary.of(plan)));
        plan.violations().forEach(violation -> line("  " + styled("red", violation.toString())));
        plan.ensembles().stream().filter(PlanText::isShown).forEach(this::write);
        plan.notes().forEach(note -> line("\nnote: " + SafeText.of(note)));
    }

    private static boolean isShown(EnsemblePlan plan) {
        return plan.action() != Action.KEEP
                || plan.reason() != null
                || !plan.steps().isEmpty();
    }

    private void write(EnsemblePlan plan) {
        line("\n" + styled("bold", plan.id().toString()) + ": " + PlanSummary.of(plan)
                + (plan.file() == null ? "" : " (" + SafeText.of(plan.file()) + ")"));
        if (plan.reason() != null) {
            line("  " + SafeText.of(plan.reason()));
        }
        plan.changes().forEach(this::write);
        if (!plan.steps().isEmpty()) {
            line("");
            steps(plan);
        }
        plan.evictions().stream()
                .filter(trial -> !trial.allowed())
                .forEach(trial ->
                        line("  " + styled("yellow", "the eviction of " + trial.instance() + " would be blocked now")
                                + ": " + SafeText.of(Objects.requireNonNullElse(trial.message(), ""))));
        if (plan.ending() != null) {
            write(plan, plan.ending());
        }
    }

    private void write(FieldChange change) {
        String field = "  " + SafeText.of(change.path());
        String before = change.before() == null ? "(unset)" : SafeText.of(change.before());
        String after = change.after() == null ? "(unset)" : SafeText.of(change.after());
        line(String.format("%-" + FIELD + "s ", field) + styled("red", before) + " -> " + styled("green", after));
    }

    private void steps(EnsemblePlan plan) {
        TextTable table = TextTable.forColumns(
                colors,
                new Column(6, 2, Overflow.SPAN),
                new Column(STEP, 1, Overflow.WRAP),
                new Column(NARROW, 1, Overflow.SPAN),
                new Column(NARROW + 2, 1, Overflow.SPAN),
                new Column(NARROW + 4, 1, Overflow.SPAN),
                new Column(WIDE, 1, Overflow.WRAP));
        row(table, "", "STEP", "ROLE", "MAY FAIL", "TAKES", "WHY");
        for (PlannedStep step : plan.steps()) {
            step.waits()
                    .forEach(wait -> row(
                            table, "", "wait for the gate " + wait.gate() + " until " + wait.until(), "", "", "", ""));
            row(
                    table,
                    Integer.toString(step.number()),
                    SafeText.of(step.step()),
                    Objects.requireNonNullElse(step.role(), ""),
                    mayFail(step),
                    PlanSummary.takes(step),
                    PlanSummary.why(step));
        }
        out.append(table.toString());
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
                    .ifPresent(seconds ->
                            line("  the restarts take about " + PlanSummary.duration(seconds) + " together"));
            return;
        }
        String color = ending.kind() == PlannedEnding.Kind.REFUSED ? "red" : "yellow";
        line("  " + styled(color, PlanSummary.of(ending)) + ": "
                + SafeText.of(Objects.requireNonNullElse(ending.reason(), ""))
                + (ending.docs() == null ? "" : " (" + ending.docs() + ")"));
    }

    private static String color(CommitPlan.Result result) {
        return switch (result) {
            case NO_CHANGES -> "green";
            case CHANGES -> "yellow";
            case INVALID, REFUSED -> "red";
        };
    }

    private String styled(String style, String raw) {
        Ansi ansi = colors.ansi();
        String text = SafeText.of(raw);
        return ansi.enabled()
                ? ansi.apply(
                                text,
                                Stream.of(style.split(",", -1))
                                        .map(PlanText::style)
                                        .toList())
                        .toString()
                : text;
    }

    private static Ansi.IStyle style(String name) {
        return name.equals("bold") ? Ansi.Style.bold : Ansi.Style.parse("fg(" + name + ")")[0];
    }

    private static void row(TextTable table, String... cells) {
        table.addRowValues(
                Stream.of(cells).map(cell -> Ansi.OFF.new Text(cell, null)).toArray(Ansi.Text[]::new));
    }

    private void line(String text) {
        out.append(text).append(System.lineSeparator());
    }
}
