package dev.ensembled.reconciler.observed;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.ensembled.reconciler.spec.EnsembleStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One look at an ensemble.
 *
 * @param objects the state of each object that should exist, in the order in which they are applied
 * @param target the revision that a newly started instance gets; empty while the platform has not worked it out for what
 *     was last applied
 * @param members every member that should exist or exists, by id
 * @param budgets every disruption budget that covers a member
 * @param replicas how many places the platform keeps instances for now
 * @param remains whether anything exists that may hold data of this ensemble, from before too
 * @param volumes of the members
 * @param status what was last reported, which is the only memory between two looks
 */
public record Observed(
        List<ObjectState> objects,
        Optional<Revision> target,
        List<Member> members,
        List<Budget> budgets,
        Replicas replicas,
        boolean remains,
        List<Volume> volumes,
        EnsembleStatus status) {
    public Observed {
        objects = List.copyOf(objects);
        members = List.copyOf(members);
        budgets = List.copyOf(budgets);
        volumes = List.copyOf(volumes);
    }

    /**
     * The places that the platform keeps instances for, from member 1 on.
     *
     * @param count 0 while it keeps none
     * @param version of the platform's record of that, which changes with it; empty where there is none
     */
    public record Replicas(int count, String version) {
        public static final Replicas NONE = new Replicas(0, "");
    }

    /** The member that leads, if exactly one says so. */
    public Optional<Member> leader() {
        List<Member> leaders = members.stream().filter(Member::leads).toList();
        return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
    }

    /** Ids of the members that have an instance. */
    public Set<Integer> instances() {
        return members.stream()
                .filter(member -> member.instance().isPresent())
                .map(Member::id)
                .collect(toUnmodifiableSet());
    }

    /** The client addresses of all members that have one, as a ZooKeeper client takes them. */
    public String connectString() {
        return members.stream()
                .flatMap(member -> member.clientAddress().stream())
                .map(Member.HostPort::toString)
                .collect(java.util.stream.Collectors.joining(","));
    }

    /**
     * Where a member takes clients.
     *
     * @throws java.util.NoSuchElementException if it has no address
     */
    public Member.HostPort addressOf(int member) {
        return members.stream()
                .filter(m -> m.id() == member)
                .findFirst()
                .flatMap(Member::clientAddress)
                .orElseThrow();
    }
}
