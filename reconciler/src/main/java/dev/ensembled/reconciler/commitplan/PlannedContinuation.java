package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What would follow the steps of a plan that a gate holds, as if the gate were open.
 *
 * @param gates that are assumed to be open, in the order in which they would hold the rollout
 * @param steps numbered after those of the plan
 * @param ending how the rollout would end then
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlannedContinuation(List<String> gates, List<PlannedStep> steps, PlannedEnding ending) {
    public PlannedContinuation {
        gates = gates == null ? List.of() : List.copyOf(gates);
        steps = steps == null ? List.of() : List.copyOf(steps);
    }

    /** The number of servers that restart. */
    @JsonIgnore
    public long restarts() {
        return steps.stream().filter(PlannedStep::restart).count();
    }
}
