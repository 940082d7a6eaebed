package dev.ensembled.kubernetes.observe;

import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.kubernetes.client.Selectors;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Budget;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The disruption budgets that cover members, and what they allow. */
public final class Budgets {
    private Budgets() {}

    public static List<Budget> of(ObjectNames names, EnsembleObjects live) {
        return live.budgets().stream()
                .map(budget -> budget(names, budget, live.pods()))
                .filter(budget -> !budget.members().isEmpty())
                .toList();
    }

    private static Budget budget(ObjectNames names, PodDisruptionBudget budget, List<Pod> pods) {
        Set<Integer> members = pods.stream()
                .filter(pod -> Selectors.select(
                        budget.getSpec().getSelector(), pod.getMetadata().getLabels()))
                .flatMapToInt(pod -> names.ordinal(pod.getMetadata().getName()).stream())
                .mapToObj(ordinal -> ordinal + 1)
                .collect(Collectors.toSet());
        PodDisruptionBudgetStatus status = budget.getStatus();
        boolean current = status != null
                && Objects.equals(
                        status.getObservedGeneration(), budget.getMetadata().getGeneration());
        int allowed = status == null || status.getDisruptionsAllowed() == null ? 0 : status.getDisruptionsAllowed();
        return new Budget(budget.getMetadata().getName(), members, allowed, current);
    }
}
