package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import dev.ensembled.reconciler.spec.model.MaintenanceWindows;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The gates that decide whether one healthy member may be restarted now, while all members are healthy. Rules are those
 * of docs/invariants.md.
 */
final class DisruptionGates {
    private final Member candidate;

    private DisruptionGates(Member candidate) {
        this.candidate = candidate;
    }

    static List<GateCheck> of(Member candidate) {
        DisruptionGates gates = new DisruptionGates(candidate);
        return List.of(
                new GateCheck(Gate.PAUSED, DisruptionGates::notPaused),
                new GateCheck(Gate.WINDOW, DisruptionGates::windowIsOpen),
                new GateCheck(Gate.APPROVAL, gates::approved),
                new GateCheck(Gate.SOAK, situation -> Upgrade.soaked(situation, candidate)),
                new GateCheck(Gate.QUORUM, gates::othersAreQuorum),
                new GateCheck(Gate.BUDGET, gates::budgetsAllow));
    }

    static Optional<Closed> notPaused(Situation situation) {
        return situation
                .pause()
                .flatMap(pause -> Closed.because(
                        pause + waiting(situation.plan().restarts().size()) + resume(situation.desired())));
    }

    /** A pause by the spec ends with a push, a pause by a request with a command. */
    private static String resume(Desired desired) {
        return desired.spec().rollout().paused()
                ? ""
                : ". To resume: " + Requests.withdrawal(desired.id(), Requests.PAUSED);
    }

    private static String waiting(int members) {
        return switch (members) {
            case 0 -> "";
            case 1 -> "; 1 member waits for the wanted revision";
            default -> "; " + members + " members wait for the wanted revision";
        };
    }

    /** A request to reconcile now ignores the windows until all that was wanted at that time is done. */
    static Optional<Closed> windowIsOpen(Situation situation) {
        Desired desired = situation.desired();
        boolean asked = desired.requests()
                .reconcileNow()
                .filter(request ->
                        !request.equals(situation.observed().status().memory().handledRequest()))
                .isPresent();
        return asked
                ? Optional.empty()
                : MaintenanceWindows.closedUntil(desired.spec().rollout().windows(), situation.now())
                        .flatMap(opens -> Closed.until(
                                opens,
                                "no maintenance window is open; the next window opens at " + opens
                                        + ". To go ahead now: "
                                        + Requests.command(desired.id(), Requests.RECONCILE_NOW, "$(date +%s)")));
    }

    private Optional<Closed> approved(Situation situation) {
        Desired desired = situation.desired();
        Approval approval = desired.spec().rollout().approval();
        boolean needed = approval == Approval.Always || (approval == Approval.Leader && candidate.leads());
        if (!needed || desired.requests().approves(desired.generation(), candidate.id(), candidate.leads())) {
            return Optional.empty();
        }
        String approvedMember = candidate.leads() ? "leader" : Integer.toString(candidate.id());
        return Closed.because("the restart of member " + candidate.id() + (candidate.leads() ? " (leader)" : "")
                + " waits for approval: "
                + Requests.command(desired.id(), Requests.APPROVE, desired.generation() + ":" + approvedMember));
    }

    /** Rule 2: an ensemble with one voter has no other quorum, and its spec accepts the interruption. */
    private Optional<Closed> othersAreQuorum(Situation situation) {
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
                        + quorum.voters().size() + " voters would serve, which is not a quorum"
                        + (quorum.voters().size() == 2 ? ". Change spec.voters: with two, none can be restarted" : ""));
    }

    static boolean hasQuorumWithout(Situation situation, Member member) {
        return new DisruptionGates(member).othersAreQuorum(situation).isEmpty();
    }

    private boolean ready() {
        return candidate.instance().filter(Instance::ready).isPresent();
    }

    /** Rule 3: every budget that covers the member counts; the Eviction API decides in the end. */
    private Optional<Closed> budgetsAllow(Situation situation) {
        List<Budget> covering = situation.observed().budgets().stream()
                .filter(budget -> budget.members().contains(candidate.id()))
                .toList();
        if (covering.size() > 1) {
            return Closed.stalled("member " + candidate.id() + " is covered by the budgets "
                    + covering.stream().map(Budget::name).collect(joining(" and "))
                    + "; the Eviction API evicts no pod that has more than one. Delete all but one");
        }
        return covering.stream().findFirst().flatMap(budget -> {
            if (!budget.current()) {
                return Closed.because("the status of budget " + budget.name() + " is behind its spec");
            }
            // A budget that allows no disruption may permit the eviction of an unready pod, which it counts as
            // disrupted already.
            return budget.disruptionsAllowed() < 1 && ready()
                    ? Closed.because("blocked by budget " + budget.name() + ", which allows no disruption now")
                    : Optional.empty();
        });
    }
}
