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

/** All that a decision is made from, with what follows from it. */
public record Situation(Desired desired, Observed observed, Plan plan, Instant now) {

    public static Situation of(Desired desired, Observed observed, Instant now) {
        return new Situation(desired, observed, Plan.of(observed), now);
    }

    /** What the members that serve say, by the newest configuration first. */
    List<Server.Serving> serving() {
        return observed.members().stream()
                .flatMap(member -> member.server().serving().stream())
                .sorted(Comparator.comparingLong(Server.Serving::configVersion).reversed())
                .toList();
    }

    /** The quorum by the newest committed membership that a server tells; empty if none serves. */
    Optional<Quorum> quorum() {
        return serving().stream().findFirst().map(serving -> new Quorum(serving.voters()));
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

    /** Whether there is one leader, and a quorum serves even if this member does not. */
    boolean quorumStandsWithout(int member) {
        Set<Integer> others =
                servingVoters().stream().filter(id -> id != member).collect(toUnmodifiableSet());
        boolean ledByAnother =
                observed.leader().filter(leader -> leader.id() != member).isPresent();
        return ledByAnother
                && quorum().filter(quorum -> quorum.isFormedBy(others)).isPresent();
    }

    /** Stands for the set of instances that exist now: differs as soon as one of them is another one. */
    String fingerprint() {
        return Digest.of(observed.members().stream()
                .map(member ->
                        member.id() + "=" + member.instance().map(i -> i.uid()).orElse("none"))
                .toArray(String[]::new));
    }
}
