package dev.ensembled.summary;

import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The command that opens a closed gate, or confirms a removal, where there is one. Pure. */
public final class GateCommand {
    private static final Set<Gate> PAUSES = EnumSet.of(Gate.PAUSED, Gate.REPLACEMENT_PAUSED, Gate.LOSS_PAUSED);

    private GateCommand() {}

    /** Returns the command without the name of the program; {@code arguments} select the ensemble. */
    public static Optional<String> of(ReportedEnsemble ensemble, String arguments) {
        return Summary.of(ensemble)
                .gate()
                .flatMap(gate -> command(gate, ensemble))
                .map(text -> text + " " + arguments)
                .or(() -> removal(ensemble).map(commit -> "approve " + arguments + " --removal " + commit));
    }

    private static Optional<String> removal(ReportedEnsemble ensemble) {
        return Optional.ofNullable(ensemble.status().source())
                .flatMap(source -> Optional.ofNullable(source.removal()))
                .map(PendingRemoval::commit)
                .map(SafeText::of);
    }

    private static Optional<String> command(Gate gate, ReportedEnsemble ensemble) {
        if (gate == Gate.APPROVAL) {
            return Optional.of("approve");
        }
        if (gate == Gate.WINDOW) {
            return Optional.of("reconcile");
        }
        boolean byRequest =
                !ensemble.pausedBySpec() && ensemble.requests().paused().isPresent();
        return PAUSES.contains(gate) && byRequest ? Optional.of("resume") : Optional.empty();
    }
}
