package dev.ensembled.cli.view;

import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.text.Table;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import dev.ensembled.summary.GateHelp;
import dev.ensembled.summary.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The lines of {@code status}: what an ensemble does first, the details last. Pure. */
public final class StatusText {
    private static final String LINE = "  %-11s %s";

    private final StoredEnsemble ensemble;
    private final Summary summary;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private StatusText(StoredEnsemble ensemble, Instant now) {
        this.ensemble = ensemble;
        this.summary = Summary.of(ensemble);
        this.now = now;
    }

    /**
     * Returns the lines.
     *
     * @param command opens the closed gate, if there is such a command
     */
    public static List<String> of(StoredEnsemble ensemble, Optional<String> command, Paint paint, Instant now) {
        StatusText text = new StatusText(ensemble, now);
        text.headline(paint);
        text.gate(command);
        text.ensemble();
        text.source();
        text.members();
        return text.lines;
    }

    private void headline(Paint paint) {
        lines.add(paint.bold(ensemble.id().toString()) + ": "
                + Colors.of(summary.state(), paint).apply(summary.title()));
        add("", summary.reason());
        StoredEnsemble.instant(summary.since())
                .ifPresent(since -> add("since", since + " (" + Age.of(Optional.of(since), now) + ")"));
    }

    private void gate(Optional<String> command) {
        summary.gate().ifPresent(gate -> {
            GateHelp help = GateHelp.of(gate);
            add("waits for", waitsFor(gate));
            help.opensWhen().ifPresent(text -> add("opens when", text));
            help.whatToDo().ifPresent(text -> add("to do", text));
            add("see", gate.docs());
        });
        command.ifPresent(text -> add("command", text));
    }

    private static String waitsFor(Gate gate) {
        return gate == Gate.WINDOW || gate == Gate.SOAK
                ? "the clock"
                : gate.waitsFor().name().toLowerCase(java.util.Locale.ROOT);
    }

    private void ensemble() {
        lines.add("");
        int observers = ensemble.observers();
        add(
                "ZooKeeper",
                SafeText.of(ensemble.version()) + ", " + ensemble.voters()
                        + (ensemble.voters() == 1 ? " voter" : " voters")
                        + (observers == 0 ? "" : ", " + observers + (observers == 1 ? " observer" : " observers")));
        ensemble.condition("Available").ifPresent(available -> add("serves", SafeText.of(available.message())));
        Optional.ofNullable(ensemble.status().rollout())
                .map(RolloutStatus::outdated)
                .filter(outdated -> outdated > 0)
                .ifPresent(outdated -> add("outdated", outdated + (outdated == 1 ? " member" : " members")));
        ensemble.requests().pause().ifPresent(pause -> add("paused", pause));
    }

    /** The name of the source, unless it is the default. */
    private static String sourceName(SourceStatus source) {
        int slash = source.installation() == null ? -1 : source.installation().lastIndexOf('/');
        return slash < 0 ? "" : " (source " + source.installation().substring(slash + 1) + ")";
    }

    private void source() {
        SourceStatus source = ensemble.status().source();
        if (source != null) {
            add(
                    "source",
                    SafeText.of(source.state() + ", commit " + source.commit() + ", " + source.path()
                            + (source.origin() == null ? "" : " of " + source.origin())
                            + sourceName(source)));
            if (source.message() != null) {
                add("", source.message());
            }
        }
    }

    private void members() {
        if (ensemble.status().members().isEmpty()) {
            return;
        }
        Table table = new Table("MEMBER", "NAME", "ROLE", "READY", "REVISION", "SINCE");
        ensemble.status().members().forEach(member -> add(table, member));
        lines.add("");
        table.lines().forEach(line -> lines.add("  " + line));
        ensemble.status().members().stream()
                .filter(member -> member.drift() != null)
                .forEach(member -> add("", "member " + member.id() + ": " + SafeText.of(member.drift())));
    }

    private void add(Table table, MemberStatus member) {
        table.add(
                UnaryOperator.identity(),
                member.id().toString(),
                text(member.name()),
                text(member.role()),
                Boolean.TRUE.equals(member.ready()) ? "yes" : "no",
                text(member.revision()),
                Age.of(StoredEnsemble.instant(member.since()), now));
    }

    private static String text(String value) {
        return value == null ? "-" : SafeText.of(value);
    }

    private void add(String title, String text) {
        lines.add(LINE.formatted(title, text).stripTrailing());
    }
}
