package dev.ensembled.reconciler.observed;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One observation of an ensemble.
 *
 * @param objects the state of each wanted object, in the order in which they are applied
 * @param target the revision that a new instance gets; empty while the platform has not computed it for what was
 *     applied last
 * @param members every member that should exist or exists, by id
 * @param budgets every disruption budget that covers a member
 * @param replicas how many replicas the platform keeps now
 * @param remains whether anything exists that may hold data of this ensemble, also from an earlier time
 * @param volumes of the members
 * @param status the last reported status, which is the only memory between two observations
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
     * The replicas that the platform keeps, from member 1 on.
     *
     * @param count 0 while it keeps none
     * @param version of the platform's object that holds the count, which changes with it; empty where there is none
     */
    public record Replicas(int count, String version) {
        public static final Replicas NONE = new Replicas(0, "");
    }

    /** Returns this observation with these states of objects. */
    public Observed withObjects(List<ObjectState> changed) {
        return new Observed(changed, target, members, budgets, replicas, remains, volumes, status);
    }

    /** Returns this observation with this revision for new instances. */
    public Observed withTarget(Optional<Revision> changed) {
        return new Observed(objects, changed, members, budgets, replicas, remains, volumes, status);
    }

    /** Returns this observation with these members. */
    public Observed withMembers(List<Member> changed) {
        return new Observed(objects, target, changed, budgets, replicas, remains, volumes, status);
    }

    /** Returns this observation with these disruption budgets. */
    public Observed withBudgets(List<Budget> changed) {
        return new Observed(objects, target, members, changed, replicas, remains, volumes, status);
    }

    /** Returns this observation with this number of replicas. */
    public Observed withReplicas(Replicas changed) {
        return new Observed(objects, target, members, budgets, changed, remains, volumes, status);
    }

    /** Returns this observation with these volumes. */
    public Observed withVolumes(List<Volume> changed) {
        return new Observed(objects, target, members, budgets, replicas, remains, changed, status);
    }

    /** Returns this observation with this status. */
    public Observed withStatus(EnsembleStatus changed) {
        return new Observed(objects, target, members, budgets, replicas, remains, volumes, changed);
    }

    /** The member that leads, if exactly one reports that it does. */
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

    /** The client addresses of all members that have one, in the form that a ZooKeeper client accepts. */
    public String connectString() {
        return members.stream()
                .flatMap(member -> member.clientAddress().stream())
                .map(Member.HostPort::toString)
                .collect(java.util.stream.Collectors.joining(","));
    }

    /**
     * The address at which a member accepts clients.
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
