package dev.ensembled.forge;

import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.CommitStatus.State;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.PlanMarkdown;
import dev.ensembled.reconciler.commitplan.PlanSummary;

/** How the plan of a pull request is shown on the forge. Pure. */
final class PlanReport {
    private PlanReport() {}

    /** The status of the head: a failure names the first violation or refusal. */
    static CommitStatus status(String context, CommitPlan plan) {
        return switch (plan.result()) {
            case NO_CHANGES -> new CommitStatus(context, State.SUCCESS, "No ensemble changes");
            case CHANGES -> new CommitStatus(context, State.SUCCESS, PlanSummary.of(plan));
            case INVALID -> new CommitStatus(context, State.FAILURE, invalid(plan));
            case REFUSED -> new CommitStatus(context, State.FAILURE, "refused: " + refusal(plan));
        };
    }

    private static String invalid(CommitPlan plan) {
        int more = plan.violations().size() - 1;
        return (more == 0 ? "" : "1 of " + (more + 1) + ": ")
                + plan.violations().get(0);
    }

    private static String refusal(CommitPlan plan) {
        EnsemblePlan refused = plan.ensembles().stream()
                .filter(EnsemblePlan::isRefused)
                .findFirst()
                .orElseThrow();
        return refused.id() + ": " + refused.refusal();
    }

    /** The comment, which begins with the marker. */
    static String comment(String marker, CommitPlan plan, String head, String base, String branch) {
        return marker + "\n" + PlanMarkdown.of(plan) + "\n<sub>Plan of " + abbreviated(head) + " merged into "
                + branch(branch) + " at " + abbreviated(base) + ". It is updated when either changes.</sub>\n";
    }

    private static String branch(String name) {
        return "<code>" + name.replace("&", "&amp;").replace("<", "&lt;").replace("`", "&#96;") + "</code>";
    }

    /** The beginning of the id of a commit, as Git and forges show it. */
    static String abbreviated(String commit) {
        return commit.substring(0, 10);
    }
}
