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

/** The rollout with some of its rules removed, for checks that tests notice it. */
public final class WeakenedRollout {
    private WeakenedRollout() {}

    /** The gate with this name. */
    public static Gate gate(String name) {
        return Arrays.stream(Gate.values())
                .filter(gate -> gate.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The decision without a check of these gates. */
    public static Decision withoutGates(Desired desired, Observed observed, Instant now, Set<Gate> gates) {
        return Rollout.next(Situation.of(desired, observed, now).ignoring(gates));
    }

    /** The decision with another plan. */
    public static Decision withPlan(Desired desired, Observed observed, Instant now, UnaryOperator<Plan> change) {
        Plan plan = change.apply(Plan.of(desired, observed));
        return Rollout.next(Situation.of(desired, observed, plan, now));
    }

    /** This observation, as if the last sanity test held for every membership. */
    public static Observed testedInAnyMembership(Desired desired, Observed observed, Instant now) {
        return Situation.of(desired, observed, now).reconfiguredSinceSanityTest()
                ? proven(desired, observed, now)
                : observed;
    }

    /** Another sanity test, whatever the result of the last one was. */
    public static Decision verify(Desired desired, Observed observed, Instant now) {
        return SanityTesting.test(Situation.of(desired, observed, now));
    }

    /** This observation with another status and another value of what remains. */
    public static Observed remembering(Observed observed, EnsembleStatus status, boolean remains) {
        return copy(observed, observed.members(), remains, observed.volumes(), status);
    }

    /** This observation, as if no server reported that it moves data. */
    public static Observed still(Observed observed) {
        List<Member> members = observed.members().stream()
                .map(member -> new Member(
                        member.id(),
                        member.instance().map(instance -> instance.toBuilder()
                                .moved(Optional.empty())
                                .build()),
                        member.server(),
                        member.clientAddress()))
                .toList();
        return copy(observed, members, observed.remains(), observed.volumes(), observed.status());
    }

    /** This observation, as if each member that does not serve had been reported in this state for a long time. */
    public static Observed agreedLongAgo(Observed observed) {
        List<MemberStatus> members = observed.status().members().stream()
                .map(status -> observed.members().stream()
                        .filter(member -> member.id() == status.id())
                        .filter(member -> !member.serves() && member.instance().isPresent())
                        .findFirst()
                        .map(member -> sinceEver(status, member))
                        .orElse(status))
                .toList();
        return remembering(observed, observed.status().withMembers(members), observed.remains());
    }

    private static MemberStatus sinceEver(MemberStatus status, Member member) {
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

    /** This observation, as if leaders counted only the servers that report that they follow, for a long time. */
    public static Observed countingOnlyWhoSaysSo(Observed observed) {
        long followers = saying(observed, Server.Role.FOLLOWER);
        long observers = saying(observed, Server.Role.OBSERVER);
        return agreedLongAgo(withServers(
                observed,
                serving -> serving.role() == Server.Role.LEADER
                        ? counting(serving, (int) Math.min(serving.syncedFollowers(), followers), (int)
                                Math.min(serving.syncedObservers(), observers))
                        : serving));
    }

    /** This observation, as if servers that follow an unobserved leader did not report it, for a long time. */
    public static Observed withoutFollowersOfNobody(Observed observed) {
        return observed.leader().isPresent()
                ? observed
                : agreedLongAgo(withServers(observed, serving -> new Server.NotServing("looking")));
    }

    private static long saying(Observed observed, Server.Role role) {
        return observed.members().stream()
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> serving.role() == role)
                        .isPresent())
                .count();
    }

    private static Server counting(Server.Serving serving, int followers, int observers) {
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
        return copy(observed, members, observed.remains(), observed.volumes(), observed.status());
    }

    /** This observation, as if no volume reported why it does not grow. */
    public static Observed deafToStorage(Observed observed) {
        List<Volume> volumes = observed.volumes().stream()
                .map(volume -> Volume.of(
                        volume.claim(),
                        volume.template(),
                        volume.member(),
                        volume.requestedBytes(),
                        volume.capacityBytes()))
                .toList();
        return copy(observed, observed.members(), observed.remains(), volumes, observed.status());
    }

    /** This observation, as if the sanity test had passed for its instances. */
    public static Observed proven(Desired desired, Observed observed, Instant now) {
        String fingerprint = Situation.of(desired, observed, now).fingerprint();
        return remembering(observed, observed.status().withSanityTested(fingerprint), observed.remains());
    }

    private static Observed copy(
            Observed observed, List<Member> members, boolean remains, List<Volume> volumes, EnsembleStatus status) {
        return new Observed(
                observed.objects(),
                observed.target(),
                members,
                observed.budgets(),
                observed.replicas(),
                remains,
                volumes,
                status);
    }
}
