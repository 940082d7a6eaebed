package dev.ensembled.web.page;

import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.summary.GateCommand;
import dev.ensembled.summary.GateHelp;
import dev.ensembled.summary.ReportedEnsemble;
import dev.ensembled.summary.Summary;
import java.util.Locale;
import java.util.Optional;

/**
 * A closed gate, or a removal that waits for a confirmation. Texts without a value are empty.
 *
 * @param name of the gate; empty for a removal
 * @param since when it closed, in RFC 3339
 * @param opensWhen what opens it
 * @param toDo what a person does
 * @param command that opens it
 * @param docs where it is documented
 */
public record GateView(
        String name,
        boolean stalled,
        String reason,
        String since,
        String waitsFor,
        String opensWhen,
        String toDo,
        String command,
        String docs) {

    /**
     * Returns the gate that is closed.
     *
     * @param options select the ensemble on the command line, after its name
     */
    static Optional<GateView> of(ReportedEnsemble ensemble, Summary summary, String options) {
        String arguments = ensemble.id().name() + " -n " + ensemble.id().namespace() + options;
        Optional<String> command = GateCommand.of(ensemble, arguments).map(text -> "ensembled " + text);
        return summary.gate()
                .map(gate -> of(gate, summary, command.orElse("")))
                .or(() -> command.map(text -> new GateView(
                        "", false, Summary.sourceProblem(ensemble).orElse(""), "", "people", "", "", text, "")));
    }

    private static GateView of(Gate gate, Summary summary, String command) {
        GateHelp help = GateHelp.of(gate);
        boolean byTime = gate == Gate.WINDOW || gate == Gate.SOAK || gate == Gate.SETTLE;
        return new GateView(
                gate.toString(),
                summary.state() == Summary.State.STALLED,
                summary.reason(),
                Optional.ofNullable(summary.since()).orElse(""),
                byTime ? "the clock" : gate.waitsFor().name().toLowerCase(Locale.ROOT),
                help.opensWhen().orElse(""),
                help.whatToDo().orElse(""),
                command,
                gate.docs());
    }
}
