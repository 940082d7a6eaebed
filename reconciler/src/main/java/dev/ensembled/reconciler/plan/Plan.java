package dev.ensembled.reconciler.plan;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Everything that has to change, in the order in which it is to change.
 *
 * @param objects to apply or delete, in order
 * @param restarts members whose instance is not of the wanted revision: those that do not serve first, since they cost
 *     nothing; then observers; then followers; the leader last, so that a roll changes the leader once
 */
public record Plan(List<ObjectState> objects, List<Outdated> restarts) {

    private static final Set<State> TO_APPLY = Set.of(State.MISSING, State.OUTDATED, State.DRIFTED, State.SURPLUS);

    public Plan {
        objects = List.copyOf(objects);
        restarts = List.copyOf(restarts);
    }

    /** A member that has to be restarted, and why. */
    public record Outdated(Member member, Instance instance, List<RestartReason> reasons) {
        public Outdated {
            reasons = List.copyOf(reasons);
        }
    }

    /** The difference between what should be and what was seen. Nothing is outdated while no target is known. */
    public static Plan of(Observed observed) {
        List<ObjectState> objects = observed.objects().stream()
                .filter(object -> TO_APPLY.contains(object.state()))
                .toList();
        List<Outdated> restarts = observed.target().stream()
                .flatMap(target -> observed.members().stream()
                        .filter(member -> member.instance().isPresent())
                        .filter(member -> !member.instance().get().revision().equals(target.id()))
                        .map(member -> outdated(member, target)))
                .sorted(Comparator.comparingInt((Outdated outdated) -> cost(outdated.member()))
                        .thenComparingInt(outdated -> outdated.member().id()))
                .toList();
        return new Plan(objects, restarts);
    }

    private static Outdated outdated(Member member, Revision target) {
        Instance instance = member.instance().orElseThrow();
        List<RestartReason> reasons = Arrays.stream(RestartReason.values())
                .filter(reason -> !reason.aspect().isEmpty())
                .filter(reason -> !Objects.equals(
                        target.aspects().get(reason.aspect()),
                        instance.aspects().get(reason.aspect())))
                .toList();
        return new Outdated(
                member, instance, reasons.isEmpty() ? List.of(RestartReason.POD_TEMPLATE_CHANGED) : reasons);
    }

    /** What its absence costs the ensemble: the smaller, the earlier. */
    private static int cost(Member member) {
        if (!(member.server() instanceof Server.Serving serving)) {
            return 0;
        }
        return switch (serving.role()) {
            case OBSERVER -> 1;
            case FOLLOWER -> 2;
            case LEADER -> 3;
        };
    }
}
