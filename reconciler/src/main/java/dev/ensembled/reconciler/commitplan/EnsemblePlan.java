package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a commit would do to one ensemble.
 *
 * @param file that defines it, or defined it
 * @param reason why this action is taken, for people; null if the action says everything
 * @param relocation null if the definition neither moves nor looks like a rename
 * @param changes of the spec, ordered by path
 * @param steps in the order in which they would be taken, each as if the one before had succeeded
 * @param ending how the rollout would end; null if there is none
 * @param afterGate what would follow if the gate that holds it were open; null if no gate does, or that is unknown
 * @param evictions of the pods that would be restarted, tried without evicting them
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EnsemblePlan(
        EnsembleId id,
        String file,
        Action action,
        String reason,
        Relocation relocation,
        List<FieldChange> changes,
        List<PlannedStep> steps,
        PlannedEnding ending,
        PlannedContinuation afterGate,
        List<EvictionTrial> evictions) {

    /** By what changes most, then by id. */
    public static final Comparator<EnsemblePlan> ORDER =
            Comparator.comparing(EnsemblePlan::action).thenComparing(EnsemblePlan::id);

    /** What happens to the accepted spec of an ensemble. */
    public enum Action {
        /** The change is refused, and the last good spec stays in force. */
        REFUSE,
        /** The ensemble is removed. */
        REMOVE,
        /** No file defines the ensemble any more: it keeps running until a person confirms its removal. */
        AWAIT_REMOVAL,
        /** The ensemble does not exist yet. */
        CREATE,
        /** The spec changes. */
        UPDATE,
        /** The ensemble keeps running, and no file defines it any more. */
        ORPHAN,
        /** The file cannot be accepted: the last good spec stays in force. */
        HOLD,
        /** The spec stays as it is. */
        KEEP
    }

    public EnsemblePlan {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(action, "action");
        changes = changes == null ? List.of() : List.copyOf(changes);
        steps = steps == null ? List.of() : List.copyOf(steps);
        evictions = evictions == null ? List.of() : List.copyOf(evictions);
    }

    /** Returns the plan of an ensemble for which no step follows. */
    public static EnsemblePlan without(EnsembleId id, String file, Action action, String reason) {
        return new EnsemblePlan(id, file, action, reason, null, List.of(), List.of(), null, null, List.of());
    }

    /** Whether the change is refused. */
    @JsonIgnore
    public boolean isRefused() {
        return action == Action.REFUSE || (ending != null && ending.kind() == PlannedEnding.Kind.REFUSED);
    }

    /** Returns why the change is refused; empty if it is not. */
    @JsonIgnore
    public String refusal() {
        if (!isRefused()) {
            return "";
        }
        return Objects.requireNonNullElse(action == Action.REFUSE ? reason : ending.reason(), "");
    }

    /** Whether people want to see it: something changes, or there is something to say. */
    @JsonIgnore
    public boolean isOfInterest() {
        return changesAnything() || reason != null;
    }

    boolean changesAnything() {
        return action != Action.KEEP || !steps.isEmpty();
    }

    /** The number of servers that restart. */
    @JsonIgnore
    public long restarts() {
        return steps.stream().filter(PlannedStep::restart).count();
    }

    /** How long the restarts are expected to take together, in seconds; empty if the duration of one is unknown. */
    @JsonIgnore
    public OptionalLong expectedSeconds() {
        List<PlannedStep> restarts = steps.stream().filter(PlannedStep::restart).toList();
        boolean known = !restarts.isEmpty() && restarts.stream().allMatch(step -> step.expectedSeconds() != null);
        return known
                ? OptionalLong.of(restarts.stream()
                        .mapToLong(PlannedStep::expectedSeconds)
                        .sum())
                : OptionalLong.empty();
    }
}
