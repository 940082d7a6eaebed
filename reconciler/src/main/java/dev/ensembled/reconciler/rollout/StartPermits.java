package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.RestartReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may start without data of its own (rule 10). A founding member may, as long as nobody has ever served; whoever is
 * wanted and not in the membership may, as a learner. A member of the membership may not: it has to leave it first, since
 * the others count on what it has acknowledged.
 */
final class StartPermits {
    /** An instance that was admitted and still refuses its disk is not only about to look again. */
    private static final Duration USED_UP_AFTER = Duration.ofSeconds(30);

    private StartPermits() {}

    static Optional<Decision> next(Situation situation) {
        return situation.isBootstrapped() ? learner(situation) : founder(situation);
    }

    private static Optional<Decision> founder(Situation situation) {
        Membership founders =
                Bootstrap.founders(situation.desired(), situation.observed().status());
        return situation.observed().members().stream()
                .filter(member -> founders.has(member.id()))
                .flatMap(member -> permit(situation, member, StartPermit.BOOTSTRAP, founders).stream())
                .findFirst();
    }

    private static Optional<Decision> learner(Situation situation) {
        Optional<Membership> committed = situation.membership();
        if (committed.isEmpty() || !situation.quorumStandsWithout(0)) {
            return Optional.empty();
        }
        return situation.observed().members().stream()
                .filter(member -> situation.isWanted(member.id()))
                .filter(member -> !committed.get().has(member.id()))
                .flatMap(member -> permit(situation, member, StartPermit.JOIN, committed.get()).stream())
                .findFirst();
    }

    private static Optional<Decision> permit(
            Situation situation, Member member, StartPermit how, Membership membership) {
        Optional<Instance> instance = member.instance()
                .filter(found -> found.phase() != Phase.TERMINATING && found.phase() != Phase.UNKNOWN)
                .filter(found -> !member.serves());
        if (instance.isEmpty()) {
            return Optional.empty();
        }
        if (canHelp(how, instance.get()) && hasToBeAnother(situation, instance.get())) {
            return Optional.of(new Decision.Act(
                    new Step.Replace(member.id(), instance.get(), List.of(RestartReason.DISK_REFUSED)),
                    "a new instance of member " + member.id() + " can start at once, and this one cannot"));
        }
        if (instance.get().permit().isEmpty()) {
            return Optional.of(new Decision.Act(
                    new Step.PermitStart(member.id(), instance.get(), how, membership),
                    how == StartPermit.BOOTSTRAP
                            ? "the ensemble is being bootstrapped"
                            : "member " + member.id() + " joins, and has to sync with the leader first"));
        }
        return Optional.empty();
    }

    /** A learner puts what is on its disk aside. A founding member does not: what is there may be the only copy. */
    private static boolean canHelp(StartPermit how, Instance instance) {
        return how == StartPermit.JOIN || instance.disk() == Disk.BLANK;
    }

    /** One that the platform lets wait longer and longer before it starts again, or whose admission is used up. */
    private static boolean hasToBeAnother(Situation situation, Instance instance) {
        boolean usedUp = instance.permit().isPresent()
                && situation.now().isAfter(instance.since().plus(USED_UP_AFTER));
        boolean backsOff = instance.permit().isEmpty() && instance.reason().contains("BackOff");
        return instance.disk() != Disk.FINE && instance.knownNotRunning() && (usedUp || backsOff);
    }
}
