package dev.ensembled.terminal;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The lines that show the ensembles at one time. Pure. */
final class Frame {
    private static final int MAX_NOTES = 20;
    private static final String ROW = "    %-3s %-12s %-14s %-12s %-6s %s";

    private Frame() {}

    /**
     * Returns the lines of a frame.
     *
     * @param git the lines about the Git source
     */
    static List<String> of(SortedMap<EnsembleId, ReconcileResult> latestResults, List<String> git) {
        List<String> lines = new ArrayList<>(git);
        for (Map.Entry<EnsembleId, ReconcileResult> latest : latestResults.entrySet()) {
            lines.add("");
            lines.addAll(ensemble(latest.getKey(), latest.getValue()));
        }
        return lines.stream().map(SafeText::of).toList();
    }

    /** Returns the state of each Git source by its name, and what of it is not in force. */
    static List<String> git(Map<String, GitState> sources) {
        List<String> lines = new ArrayList<>();
        sources.forEach((name, git) -> lines.addAll(git(sources.size() == 1 ? "Git" : "Git source " + name, git)));
        return lines;
    }

    private static List<String> git(String title, GitState git) {
        List<String> lines = new ArrayList<>();
        lines.add(state(title, git));
        git.unsyncedEnsembles().forEach(unsynced -> lines.add("  " + unsynced));
        git.notes().stream().limit(MAX_NOTES).forEach(note -> lines.add("  note: " + note));
        if (git.notes().size() > MAX_NOTES) {
            lines.add("  and " + (git.notes().size() - MAX_NOTES) + " more notes");
        }
        return lines.stream().map(SafeText::of).toList();
    }

    private static String state(String title, GitState git) {
        String failure = git.fetchFailure()
                .or(git::storeFailure)
                .map(f -> "; " + f.what() + ". " + f.toDo())
                .orElse("");
        String violations = git.violations().isEmpty()
                ? ""
                : "; " + git.violations().size() + " violations, first: "
                        + git.violations().get(0);
        return title + ": "
                + git.commit()
                        .map(c -> c.id().substring(0, 10) + " " + c.message())
                        .orElse("no commit yet")
                + failure
                + violations;
    }

    private static List<String> ensemble(EnsembleId id, ReconcileResult latest) {
        List<String> lines = new ArrayList<>();
        Optional<EnsembleStatus> status = latest.result().map(result -> result.status());
        lines.add("  " + id + "  " + status.map(Frame::headline).orElse("not observed yet"));
        latest.failure().ifPresent(failure -> lines.add("    reconciliation failed: " + failure));
        latest.result().ifPresent(result -> lines.add("    " + result.observed().connectString()));
        status.ifPresent(s -> {
            lines.add(ROW.formatted("id", "role", "zxid", "revision", "ready", "since"));
            s.members().forEach(member -> lines.add(row(member)));
        });
        return lines;
    }

    /** Returns what the ensemble is doing, or what it waits for. */
    static String headline(EnsembleStatus status) {
        RolloutStatus rollout = status.rollout();
        String outdated = rollout == null || rollout.outdated() == 0 ? "" : " [" + rollout.outdated() + " outdated]";
        if (rollout != null && rollout.step() != null) {
            return rollout.step() + outdated;
        }
        if (rollout != null && rollout.gate() != null) {
            return rollout.gate() + ": " + rollout.reason() + outdated;
        }
        return status.conditions().stream().findFirst().map(Condition::reason).orElse("") + outdated;
    }

    private static String row(MemberStatus member) {
        return ROW.formatted(
                        member.id(),
                        member.role(),
                        orDash(member.zxid()),
                        orDash(member.revision()),
                        Boolean.TRUE.equals(member.ready()) ? "yes" : "no",
                        orDash(member.since()))
                .stripTrailing();
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
