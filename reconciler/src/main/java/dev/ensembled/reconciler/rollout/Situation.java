package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.plan.Plan;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a decision is made from, with what follows from it.
 *
 * @param serving what the members that serve say, by the newest configuration first
 */
public record Situation(Desired desired, Observed observed, Plan plan, Instant now, List<Server.Serving> serving) {

    public static Situation of(Desired desired, Observed observed, Instant now) {
        return of(desired, observed, Plan.of(observed), now);
    }

    static Situation of(Desired desired, Observed observed, Plan plan, Instant now) {
        List<Server.Serving> serving = observed.members().stream()
                .flatMap(member -> member.server().serving().stream())
                .sorted(Comparator.comparingLong(Server.Serving::configVersion).reversed())
                .toList();
        return new Situation(desired, observed, plan, now, serving);
    }

    /** The quorum by the newest committed membership that a server tells; empty if none serves. */
    Optional<Quorum> quorum() {
        return serving().stream().findFirst().map(serving -> Quorum.of(serving.membership()));
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

    /** Whether there is one leader with a quorum in sync, by its own count too, even if this member does not serve. */
    boolean quorumStandsWithout(int member) {
        Set<Integer> others =
                servingVoters().stream().filter(id -> id != member).collect(toUnmodifiableSet());
        Optional<Server.Serving> leader = observed.leader()
                .filter(leading -> leading.id() != member)
                .flatMap(leading -> leading.server().serving());
        return leader.isPresent()
                && leader.get().syncedFollowers() + 1
                        > leader.get().membership().voters().size() / 2
                && Quorum.of(leader.get().membership()).isFormedBy(others);
    }

    /** Stands for the set of instances that exist now: differs as soon as one of them is another one. */
    String fingerprint() {
        return Digest.of(observed.members().stream()
                .map(member ->
                        member.id() + "=" + member.instance().map(i -> i.uid()).orElse("none"))
                .toArray(String[]::new));
    }
}
