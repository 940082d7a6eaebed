package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.history.EventType;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * In a history without faults, the rollout history has exactly the steps that were taken. In any other it may lack steps,
 * whose daemon was killed or whose status could not be written, but has none that was not taken, and none twice.
 */
public final class HistoryChecker {
    private static final String BOOTSTRAP = new Step.Bootstrap(1, 0).reason();
    private static final Set<EventType> LOST =
            EnumSet.of(EventType.DROP_REQUEST, EventType.DROP_RESPONSE, EventType.DROP_STEP_RESPONSE);

    private final ModelStore store;
    private final History history;
    private final List<String> taken = new ArrayList<>();

    public HistoryChecker(ModelStore store, History history) {
        this.store = store;
        this.history = history;
    }

    /** A step of the platform took effect, whether the daemon received the response or not. */
    public void taken(Step step) {
        taken.add(step.describe() + instance(step).map(Instance::uid).orElse(""));
    }

    private static Optional<Instance> instance(Step step) {
        if (step instanceof Step.Restart restart) {
            return Optional.of(restart.instance());
        }
        return step instanceof Step.Replace replace ? Optional.of(replace.instance()) : Optional.empty();
    }

    /** At the end of the history. */
    public void check(Optional<Decision> last) {
        List<RecordedStep> steps = store.rolloutHistory()
                .steps()
                .filter(step -> !step.kind().equals(BOOTSTRAP))
                .toList();
        List<String> recorded = steps.stream()
                .map(step -> step.step() + Objects.requireNonNullElse(step.instance(), ""))
                .toList();
        if (history.isWithoutFaults()) {
            require(recorded.equals(taken), "the rollout history differs: recorded " + recorded + ", taken " + taken);
        }
        require(
                isPartOf(recorded, taken),
                "a step is recorded twice, or was not taken: recorded " + recorded + ", taken " + taken);
        // The platform does not take this step: it is in the status.
        require(store.rolloutHistory().steps().count() - steps.size() <= 1, "two bootstraps are recorded");
        boolean everyWriteEnded = LOST.stream().noneMatch(history::has);
        last.filter(done -> done.isDone() && everyWriteEnded).ifPresent(done -> requireEnded(steps));
        requireReadable();
    }

    private static boolean isPartOf(List<String> recorded, List<String> taken) {
        int found = 0;
        for (String step : taken) {
            if (found < recorded.size() && recorded.get(found).equals(step)) {
                found++;
            }
        }
        return found == recorded.size();
    }

    private static void requireEnded(List<RecordedStep> steps) {
        steps.forEach(step -> require(
                step.state() != RecordedStep.State.Running, "the rollout is done, and a step still runs: " + step));
    }

    private void requireReadable() {
        try {
            String text = HistoryText.of(store.rolloutHistory());
            require(
                    HistoryText.read(text).equals(store.rolloutHistory()),
                    "the rollout history is not read back as it was written: " + text);
        } catch (UnreadableHistoryException e) {
            throw new InvariantViolation(e.getMessage());
        }
    }
}
