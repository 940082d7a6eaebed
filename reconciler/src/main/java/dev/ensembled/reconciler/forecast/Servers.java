package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.observed.Server.Serving;
import dev.ensembled.reconciler.plan.EffectiveState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What servers report after an election or a synchronization that succeeded. All servers have the same data, so the voter
 * with the highest id is elected, as by ZooKeeper's FastLeaderElection; a leader that keeps its vote keeps leading.
 */
record Servers(Desired desired, Instant now) {

    /**
     * Returns the members after this server has started and synchronized with the leader.
     *
     * @param before the members before it was stopped, which have the data that it gets or already has
     */
    List<Member> start(List<Member> members, int started, Membership committed, List<Member> before) {
        long zxid = before.stream()
                .flatMap(member -> member.server().serving().stream())
                .mapToLong(Serving::zxid)
                .max()
                .orElse(0);
        long dataBytes = before.stream()
                .flatMap(member -> member.server().serving().stream())
                .mapToLong(Serving::dataBytes)
                .max()
                .orElse(0);
        List<Member> running = members.stream()
                .map(member -> member.id() == started ? serving(member, newServer(committed, zxid, dataBytes)) : member)
                .toList();
        return elected(running, committed);
    }

    /** Returns the members after all bootstrap members have started with empty databases. */
    List<Member> bootstrap(List<Member> members, Membership first) {
        List<Member> running = members.stream()
                .map(member -> first.has(member.id()) ? ready(serving(member, newServer(first, 0, 0))) : member)
                .toList();
        return elected(running, new Membership(1, first.voters(), first.observers(), first.groups(), first.weights()));
    }

    /** Returns the members as they report after the servers that serve use this membership. */
    List<Member> elected(List<Member> members, Membership committed) {
        Set<Integer> running =
                members.stream().filter(Member::serves).map(Member::id).collect(Collectors.toUnmodifiableSet());
        Optional<Integer> leader = members.stream()
                .filter(Member::leads)
                .map(Member::id)
                .filter(committed.voters()::contains)
                .findFirst()
                .or(() -> running.stream().filter(committed.voters()::contains).max(Integer::compare));
        return members.stream()
                .map(member -> member.server()
                        .serving()
                        .map(serving -> serving(
                                member, inRole(serving, role(member.id(), leader, committed), committed, running)))
                        .orElse(member))
                .toList();
    }

    /** ZooKeeper 3.9 calls a learner that is no member a follower. */
    private static Role role(int id, Optional<Integer> leader, Membership committed) {
        if (leader.filter(leads -> leads == id).isPresent()) {
            return Role.LEADER;
        }
        return committed.observers().contains(id) ? Role.OBSERVER : Role.FOLLOWER;
    }

    private Serving inRole(Serving before, Role role, Membership committed, Set<Integer> running) {
        boolean leads = role == Role.LEADER;
        int voters = (int) running.stream().filter(committed.voters()::contains).count();
        int observers =
                (int) running.stream().filter(committed.observers()::contains).count();
        return new Serving(
                role,
                before.zxid(),
                committed,
                leads ? voters - 1 : 0,
                leads ? observers : 0,
                leads ? running.size() - 1 : 0,
                before.dataBytes(),
                before.role() == role ? before.since() : now,
                before.version(),
                before.settings());
    }

    private Serving newServer(Membership committed, long zxid, long dataBytes) {
        return new Serving(
                Role.FOLLOWER,
                zxid,
                committed,
                0,
                0,
                0,
                dataBytes,
                now,
                EffectiveState.numbers(desired.spec().version())
                        .orElse(desired.spec().version()),
                Map.of());
    }

    private static Member serving(Member member, Server server) {
        return new Member(member.id(), member.instance(), server, member.clientAddress());
    }

    private Member ready(Member member) {
        return new Member(
                member.id(),
                member.instance()
                        .map(instance -> instance.toBuilder().ready(true, now).build()),
                member.server(),
                member.clientAddress());
    }
}
