package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.rollout.Gate.Closed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The gates that say whether one certain healthy member of a whole ensemble may leave now. */
final class DisruptionGates {
    private final Member candidate;

    private DisruptionGates(Member candidate) {
        this.candidate = candidate;
    }

    static List<Gate> of(Member candidate) {
        DisruptionGates gates = new DisruptionGates(candidate);
        return List.of(
                new Gate("paused", gates::notPaused),
                new Gate("quorum", gates::quorumStandsWithoutIt),
                new Gate("budget", gates::budgetsAllow));
    }

    private Optional<Closed> notPaused(Situation situation) {
        return situation.desired().spec().rollout().paused()
                ? Closed.because("spec.rollout.paused is true; "
                        + situation.plan().restarts().size() + " members wait for the wanted revision")
                : Optional.empty();
    }

    /** Rule 2: an ensemble of one has nothing to stand on, and its spec says that this is accepted. */
    private Optional<Closed> quorumStandsWithoutIt(Situation situation) {
        Quorum quorum = situation.quorum().orElse(Quorum.ofMajority(Set.of()));
        boolean votes = quorum.voters().contains(candidate.id());
        if (!votes || quorum.voters().size() == 1) {
            return Optional.empty();
        }
        Set<Integer> others = new TreeSet<>(situation.servingVoters());
        others.remove(candidate.id());
        return quorum.isFormedBy(others)
                ? Optional.empty()
                : Closed.because("without member " + candidate.id() + " only " + others.size() + " of "
                        + quorum.voters().size() + " voters would serve, which is no quorum");
    }

    /** Rule 3: every budget that covers the member counts; the Eviction API has the last word. */
    private Optional<Closed> budgetsAllow(Situation situation) {
        List<Budget> covering = situation.observed().budgets().stream()
                .filter(budget -> budget.members().contains(candidate.id()))
                .toList();
        if (covering.size() > 1) {
            return Closed.stalled("member " + candidate.id() + " is covered by "
                    + covering.stream().map(Budget::name).collect(joining(" and "))
                    + "; the Eviction API serves no pod with more than one budget. Delete one of them");
        }
        return covering.stream().findFirst().flatMap(budget -> {
            if (!budget.current()) {
                return Closed.because("the status of budget " + budget.name() + " is behind its spec");
            }
            return budget.disruptionsAllowed() < 1
                    ? Closed.because("blocked by budget " + budget.name() + ", which allows no disruption now")
                    : Optional.empty();
        });
    }
}
