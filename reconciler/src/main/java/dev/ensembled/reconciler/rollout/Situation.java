package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.plan.Plan;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All the input of a decision, with what is derived from it.
 *
 * @param members the membership by which the ensemble is judged: the committed one as servers report it or as it was
 *     reported last, or else all servers that may be members; before the bootstrap, the bootstrap members
 * @param replicas how many replicas should exist now
 * @param counted the members that count for whether all members are healthy: the members of that membership, and the
 *     servers that are joining it; not the servers that are neither wanted nor members any more
 * @param ignoredGates gates that are not checked; none, except in tests that show that each gate is needed
 */
public record Situation(
        Desired desired,
        Observed observed,
        Plan plan,
        Instant now,
        Membership members,
        int replicas,
        List<Member> counted,
        Set<Gate> ignoredGates) {

    public static Situation of(Desired desired, Observed observed, Instant now) {
        return of(desired, observed, Plan.of(desired, observed), now);
    }

    static Situation of(Desired desired, Observed observed, Plan plan, Instant now) {
        Membership members = Bootstrap.isBootstrapped(observed)
                ? Bootstrap.committed(observed.members(), observed.status())
                        .orElseGet(() -> possibleMembers(desired, observed))
                : Bootstrap.bootstrapMembership(desired, observed.status());
        int replicas = ReplicaCount.wanted(
                desired, observed.members(), observed.status(), observed.remains(), observed.volumes());
        List<Member> counted = observed.members().stream()
                .filter(member -> members.has(member.id()) || (desired.wants(member.id()) && member.id() <= replicas))
                .toList();
        return new Situation(desired, observed, plan, now, members, replicas, counted, Set.of());
    }

    /** Returns this situation with these gates open too. */
    Situation ignoring(Set<Gate> gates) {
        Set<Gate> open = new HashSet<>(ignoredGates);
        open.addAll(gates);
        return new Situation(desired, observed, plan, now, members, replicas, counted, Set.copyOf(open));
    }

    /** Where no server reports the membership, each server that is wanted or has an instance may be a member. */
    private static Membership possibleMembers(Desired desired, Observed observed) {
        Membership possible = desired.membership();
        for (int id : observed.instances()) {
            possible = possible.has(id) ? possible : possible.with(id, true);
        }
        return possible;
    }

    /** What pauses the rollout, as a clause; empty if it is not paused. */
    Optional<String> pause() {
        return desired.spec().rollout().paused()
                ? Optional.of("spec.rollout.paused is true")
                : desired.requests().pause();
    }

    /** Whether the ensemble has ever been bootstrapped. */
    boolean isBootstrapped() {
        return Bootstrap.isBootstrapped(observed);
    }

    /** What the members that serve report. */
    List<Server.Serving> serving() {
        return observed.members().stream()
                .flatMap(member -> member.server().serving().stream())
                .toList();
    }

    /** The newest committed membership that a server reports; empty if none serves. */
    Optional<Membership> membership() {
        return Membership.newest(observed.members().stream().map(Member::server));
    }

    /** The quorum by that membership. */
    Optional<Quorum> quorum() {
        return membership().map(Quorum::of);
    }

    boolean isWanted(int member) {
        return desired.wants(member);
    }

    /** Whether a member has not been ready by its progress deadline. */
    boolean isPastDeadline(Member member) {
        return ProgressDeadline.of(this, member).hasPassed();
    }

    /** Ids of the members that serve and vote. */
    Set<Integer> servingVoters() {
        Set<Integer> voters = quorum().map(Quorum::voters).orElse(Set.of());
        return observed.members().stream()
                .filter(Member::serves)
                .map(Member::id)
                .filter(voters::contains)
                .collect(toUnmodifiableSet());
    }

    /** Whether one leader has a quorum in sync, by its own count too, even if this member does not serve. */
    boolean hasQuorumWithout(int member) {
        Set<Integer> others =
                servingVoters().stream().filter(id -> id != member).collect(toUnmodifiableSet());
        Optional<Server.Serving> leader = observed.leader()
                .filter(leading -> leading.id() != member)
                .flatMap(leading -> leading.server().serving());
        return leader.isPresent()
                && Quorum.of(leader.get().membership()).isFormedBy(others)
                && leader.get().syncedFollowers() >= others.size() - 1
                && (!leader.get().membership().groups().isEmpty()
                        || leader.get().syncedFollowers() + 1
                                > leader.get().membership().voters().size() / 2);
    }

    /** Identifies the current instances and the membership: it differs as soon as one of them is replaced. */
    String fingerprint() {
        String version = membership()
                .map(committed -> Long.toHexString(committed.version()))
                .orElse("none");
        return instancesFingerprint() + "/" + version;
    }

    /** Whether the last sanity test passed with these instances, but in another membership. */
    boolean reconfiguredSinceSanityTest() {
        String lastTested = observed.status().sanityTested();
        return lastTested != null
                && lastTested.startsWith(instancesFingerprint() + "/")
                && !lastTested.equals(fingerprint());
    }

    /** Whether the last sanity test passed in this membership, with any instances. */
    boolean isSanityTested(Membership membership) {
        String lastTested = observed.status().sanityTested();
        return lastTested != null && lastTested.endsWith("/" + Long.toHexString(membership.version()));
    }

    private String instancesFingerprint() {
        return Digest.of(counted().stream()
                .map(member ->
                        member.id() + "=" + member.instance().map(Instance::uid).orElse("none"))
                .toArray(String[]::new));
    }
}
