package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The rollout, or its observation, with one rule switched off, so that tests can show that they detect this. */
public final class MutatedRollout {
    private MutatedRollout() {}

    /** The gate with this name. */
    public static Gate gateNamed(String name) {
        return Arrays.stream(Gate.values())
                .filter(gate -> gate.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The decision without these gates. */
    public static Decision withoutGates(Desired desired, Observed observed, Instant now, Set<Gate> gates) {
        return Rollout.next(Situation.of(desired, observed, now).ignoring(gates));
    }

    /** The decision with another plan. */
    public static Decision withPlan(Desired desired, Observed observed, Instant now, UnaryOperator<Plan> change) {
        Plan plan = change.apply(Plan.of(desired, observed));
        return Rollout.next(Situation.of(desired, observed, plan, now));
    }

    /** This observation, as if the last sanity test held for every membership. */
    public static Observed sanityTestedInAnyMembership(Desired desired, Observed observed, Instant now) {
        return Situation.of(desired, observed, now).reconfiguredSinceSanityTest()
                ? sanityTested(desired, observed, now)
                : observed;
    }

    /** The decision to run the sanity test, whatever its last result was. */
    public static Decision runSanityTest(Desired desired, Observed observed, Instant now) {
        return SanityTesting.test(Situation.of(desired, observed, now));
    }

    /** This observation with another status, and with or without remaining objects. */
    public static Observed withStatus(Observed observed, EnsembleStatus status, boolean remains) {
        return new Observed(
                observed.objects(),
                observed.target(),
                observed.members(),
                observed.budgets(),
                observed.replicas(),
                remains,
                observed.volumes(),
                status);
    }

    /** This observation, as if no server reported that it moves data. */
    public static Observed withoutTransferProgress(Observed observed) {
        List<Member> members = observed.members().stream()
                .map(member -> new Member(
                        member.id(),
                        member.instance().map(instance -> instance.toBuilder()
                                .moved(Optional.empty())
                                .build()),
                        member.server(),
                        member.clientAddress()))
                .toList();
        return observed.withMembers(members);
    }

    /** This observation, as if each member that does not serve had been in this state for a long time. */
    public static Observed withOldEvidence(Observed observed) {
        List<MemberStatus> members = observed.status().members().stream()
                .map(status -> observed.members().stream()
                        .filter(member -> member.id() == status.id())
                        .filter(member -> !member.serves() && member.instance().isPresent())
                        .findFirst()
                        .map(member -> sinceEpoch(status, member))
                        .orElse(status))
                .toList();
        return withStatus(observed, observed.status().withMembers(members), observed.remains());
    }

    private static MemberStatus sinceEpoch(MemberStatus status, Member member) {
        return new MemberStatus(
                status.id(),
                status.name(),
                member.server().describe(),
                status.zxid(),
                status.revision(),
                false,
                Instant.EPOCH.toString(),
                status.drift(),
                status.driftOf());
    }

    /** This observation, as if the leader's count had been the number of servers that report that they follow. */
    public static Observed withLeaderCountFromReports(Observed observed) {
        long followers = countReporting(observed, Server.Role.FOLLOWER);
        long observers = countReporting(observed, Server.Role.OBSERVER);
        return withOldEvidence(withServers(
                observed,
                serving -> serving.role() == Server.Role.LEADER
                        ? withSyncedCounts(serving, (int) Math.min(serving.syncedFollowers(), followers), (int)
                                Math.min(serving.syncedObservers(), observers))
                        : serving));
    }

    /** This observation, as if servers that follow an unobserved leader did not report it, for a long time. */
    public static Observed withoutLeaderlessFollowers(Observed observed) {
        return observed.leader().isPresent()
                ? observed
                : withOldEvidence(withServers(observed, serving -> new Server.NotServing("looking")));
    }

    private static long countReporting(Observed observed, Server.Role role) {
        return observed.members().stream()
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> serving.role() == role)
                        .isPresent())
                .count();
    }

    private static Server withSyncedCounts(Server.Serving serving, int followers, int observers) {
        return new Server.Serving(
                serving.role(),
                serving.zxid(),
                serving.membership(),
                followers,
                observers,
                serving.learners(),
                serving.dataBytes(),
                serving.since(),
                serving.version(),
                serving.settings());
    }

    private static Observed withServers(Observed observed, Function<Server.Serving, Server> change) {
        List<Member> members = observed.members().stream()
                .map(member -> new Member(
                        member.id(),
                        member.instance(),
                        member.server().serving().map(change).orElse(member.server()),
                        member.clientAddress()))
                .toList();
        return observed.withMembers(members);
    }

    /** This observation, as if no volume reported why it does not grow. */
    public static Observed withoutVolumeFailures(Observed observed) {
        List<Volume> volumes = observed.volumes().stream()
                .map(volume -> Volume.of(
                        volume.claim(),
                        volume.template(),
                        volume.member(),
                        volume.requestedBytes(),
                        volume.capacityBytes()))
                .toList();
        return observed.withVolumes(volumes);
    }

    /** This observation, as if the sanity test had passed for its instances. */
    public static Observed sanityTested(Desired desired, Observed observed, Instant now) {
        String fingerprint = Situation.of(desired, observed, now).fingerprint();
        return withStatus(observed, observed.status().withSanityTested(fingerprint), observed.remains());
    }
}
