package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.RestartReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which servers may start without data of their own (docs/invariants.md, rule 10). A bootstrap member may, as long as
 * no server of the ensemble has ever served; a server that is wanted and is not in the membership may, as a learner. A
 * member of the membership may not: it has to be removed first, since the others count on what it has acknowledged.
 */
final class StartPermits {
    /**
     * An instance that has a start permit, and after this time still refuses its disk, will not start; before, its
     * start script may not have seen the permit yet.
     */
    private static final Duration PERMIT_TIMEOUT = Duration.ofSeconds(30);

    private StartPermits() {}

    static Optional<Decision> next(Situation situation) {
        return situation.isBootstrapped() ? learner(situation) : bootstrapMember(situation);
    }

    private static Optional<Decision> bootstrapMember(Situation situation) {
        Membership bootstrapMembership = Bootstrap.bootstrapMembership(
                situation.desired(), situation.observed().status());
        return situation.observed().members().stream()
                .filter(member -> bootstrapMembership.has(member.id()))
                .flatMap(member -> permit(situation, member, StartPermit.BOOTSTRAP, bootstrapMembership).stream())
                .findFirst();
    }

    private static Optional<Decision> learner(Situation situation) {
        Optional<Membership> committed = situation.membership();
        if (committed.isEmpty() || !situation.hasQuorumWithout(0)) {
            return Optional.empty();
        }
        return situation.observed().members().stream()
                .filter(member -> situation.isWanted(member.id()))
                .filter(member -> !committed.get().has(member.id()))
                .flatMap(member -> permit(situation, member, StartPermit.JOIN, committed.get()).stream())
                .findFirst();
    }

    private static Optional<Decision> permit(
            Situation situation, Member member, StartPermit kind, Membership membership) {
        Optional<Instance> instance = member.instance()
                .filter(found -> found.phase() != Phase.TERMINATING && found.phase() != Phase.UNKNOWN)
                .filter(found -> !member.serves());
        if (instance.isEmpty()) {
            return Optional.empty();
        }
        if (newInstanceMayStart(kind, instance.get()) && needsNewInstance(situation, instance.get())) {
            return Optional.of(new Decision.Act(
                    new Step.Replace(member.id(), instance.get(), List.of(RestartReason.DISK_REFUSED)),
                    "a new instance of member " + member.id() + " can start at once, and this one cannot"));
        }
        if (instance.get().permit().isEmpty()) {
            return Optional.of(new Decision.Act(
                    new Step.PermitStart(member.id(), instance.get(), kind, membership),
                    kind == StartPermit.BOOTSTRAP
                            ? "the ensemble is being bootstrapped"
                            : "member " + member.id() + " joins, and has to sync with the leader first"));
        }
        return Optional.empty();
    }

    /** A learner moves aside what is on its disk. A bootstrap member does not: its data may be the only copy. */
    private static boolean newInstanceMayStart(StartPermit kind, Instance instance) {
        return kind == StartPermit.JOIN || instance.disk() == Disk.BLANK;
    }

    /** Whether the platform delays the next start of this instance longer and longer, or its start permit is used up. */
    private static boolean needsNewInstance(Situation situation, Instance instance) {
        boolean permitUsedUp = instance.permit().isPresent()
                && situation.now().isAfter(instance.since().plus(PERMIT_TIMEOUT));
        boolean inBackOff = instance.permit().isEmpty() && instance.problem() == Problem.BACK_OFF;
        return instance.disk() != Disk.FINE && instance.knownNotRunning() && (permitUsedUp || inBackOff);
    }
}
