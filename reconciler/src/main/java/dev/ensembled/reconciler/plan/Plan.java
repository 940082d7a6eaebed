package dev.ensembled.reconciler.plan;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that has to change, in order.
 *
 * @param objects to apply or delete, in order
 * @param restarts outdated members: members that do not serve first, since replacing them costs nothing; then
 *     observers; then followers; the leader last, so that a roll changes the leader once
 */
public record Plan(List<ObjectState> objects, List<OutdatedMember> restarts) {

    private static final Set<State> TO_APPLY = Set.of(State.MISSING, State.OUTDATED, State.DRIFTED, State.SURPLUS);

    public Plan {
        objects = List.copyOf(objects);
        restarts = List.copyOf(restarts);
    }

    /** A member that has to be restarted, and why. */
    public record OutdatedMember(Member member, Instance instance, List<RestartReason> reasons) {
        public OutdatedMember {
            reasons = List.copyOf(reasons);
        }

        private boolean leadsWithOtherCredentials() {
            return member.leads() && reasons.contains(RestartReason.CREDENTIALS_CHANGED);
        }
    }

    /**
     * Returns the difference between desired and observed state. No member is outdated while the wanted revision is
     * unknown. A member that is being removed is not restarted before, unless the leader has to be restarted before any
     * member can be removed.
     */
    public static Plan of(Desired desired, Observed observed) {
        List<ObjectState> objects = observed.objects().stream()
                .filter(object -> TO_APPLY.contains(object.state()))
                .toList();
        List<OutdatedMember> outdated = outdated(desired, observed);
        Set<Integer> leaving =
                outdated.stream().anyMatch(OutdatedMember::leadsWithOtherCredentials) ? membersOf(observed) : Set.of();
        List<OutdatedMember> restarts = outdated.stream()
                .filter(one -> desired.wants(one.member().id())
                        || leaving.contains(one.member().id()))
                .toList();
        return new Plan(objects, restarts);
    }

    /** Returns every outdated member, including members that are being removed, in the same order. */
    public static List<OutdatedMember> outdated(Desired desired, Observed observed) {
        return observed.target().stream()
                .flatMap(target -> observed.members().stream()
                        .flatMap(member -> outdated(desired, observed, member, target).stream()))
                .sorted(Comparator.comparingInt((OutdatedMember one) -> cost(one.member()))
                        .thenComparingInt(one -> one.member().id()))
                .toList();
    }

    private static Set<Integer> membersOf(Observed observed) {
        return Membership.newest(observed.members().stream().map(Member::server))
                .map(Membership::ids)
                .orElse(Set.of());
    }

    /**
     * Whether the leader was started with other credentials of the super user than servers get now. It may not know any
     * password that ensembled has, and then accepts no reconfiguration before its restart.
     */
    public boolean leaderHasOtherCredentials() {
        return restarts.stream().anyMatch(OutdatedMember::leadsWithOtherCredentials);
    }

    private static Optional<OutdatedMember> outdated(
            Desired desired, Observed observed, Member member, Revision target) {
        return member.instance().flatMap(instance -> {
            List<RestartReason> reasons = instance.revision().equals(target.id())
                    ? reasonsAtTarget(desired, observed, member, instance)
                    : reasons(instance, target);
            return reasons.isEmpty() ? Optional.empty() : Optional.of(new OutdatedMember(member, instance, reasons));
        });
    }

    private static List<RestartReason> reasonsAtTarget(
            Desired desired, Observed observed, Member member, Instance instance) {
        List<RestartReason> reasons = new ArrayList<>();
        if (EffectiveState.drift(desired, member).isPresent()) {
            reasons.add(RestartReason.EFFECTIVE_STATE_DRIFTED);
        }
        if (observed.volumes().stream()
                .anyMatch(volume -> volume.member() == member.id() && volume.needsRestartOf(instance))) {
            reasons.add(RestartReason.VOLUME_GROWS);
        }
        return reasons;
    }

    private static List<RestartReason> reasons(Instance instance, Revision target) {
        List<RestartReason> reasons = Arrays.stream(RestartReason.values())
                .filter(reason -> !reason.aspect().isEmpty())
                .filter(reason -> !Objects.equals(
                        target.aspects().get(reason.aspect()),
                        instance.aspects().get(reason.aspect())))
                .toList();
        return reasons.isEmpty() ? List.of(RestartReason.POD_TEMPLATE_CHANGED) : reasons;
    }

    /** The cost of its absence for the ensemble: a smaller cost comes first. */
    private static int cost(Member member) {
        return member.server()
                .serving()
                .map(serving -> switch (serving.role()) {
                    case OBSERVER -> 1;
                    case FOLLOWER -> 2;
                    case LEADER -> 3;
                })
                .orElse(0);
    }
}
