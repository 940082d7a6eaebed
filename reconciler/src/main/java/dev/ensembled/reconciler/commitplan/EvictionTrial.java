package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * Whether an instance could be evicted now. The trial evicts nothing, and promises nothing for later.
 *
 * @param instance the pod, or the process
 * @param allowed whether every disruption budget and admission controller allows it
 * @param blockedBy the gate that would hold the restart; null if it is allowed
 * @param message the answer of the platform, with the name of the budget; null if it is allowed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvictionTrial(int member, String instance, boolean allowed, String blockedBy, String message) {
    public EvictionTrial {
        Objects.requireNonNull(instance, "instance");
    }
}
