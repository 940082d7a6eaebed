package dev.ensembled.reconciler.observed;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A committed membership: the voters, the observers, and how votes are counted.
 *
 * @param version of the configuration; grows with each reconfiguration, and is the precondition of the next
 * @param voters ids of the servers that vote
 * @param observers ids of the servers that receive all commits and do not vote
 * @param groups the group of each voter where votes are counted by groups ({@code group.N}); empty for a plain majority
 * @param weights of voters ({@code weight.N}) that are not 1; they count only together with groups, as in ZooKeeper
 */
public record Membership(
        long version,
        Set<Integer> voters,
        Set<Integer> observers,
        Map<Integer, Integer> groups,
        Map<Integer, Integer> weights) {

    public Membership {
        voters = Set.copyOf(voters);
        observers = Set.copyOf(observers);
        groups = Map.copyOf(groups);
        weights = Map.copyOf(weights);
    }

    /** Returns a membership in which the majority decides. */
    public static Membership ofMajority(long version, Set<Integer> voters, Set<Integer> observers) {
        return new Membership(version, voters, observers, Map.of(), Map.of());
    }

    /** Returns the newest membership that any of these servers reports; empty if none of them serves. */
    public static Optional<Membership> newest(Stream<Server> servers) {
        return servers.flatMap(server -> server.serving().stream())
                .map(Server.Serving::membership)
                .max(Comparator.comparingLong(Membership::version));
    }

    public boolean has(int member) {
        return voters.contains(member) || observers.contains(member);
    }

    /** Ids of all members, in order. */
    public Set<Integer> ids() {
        Set<Integer> ids = new TreeSet<>(voters);
        ids.addAll(observers);
        return ids;
    }

    /** The highest id; 0 if there is no member. */
    public int highest() {
        return ids().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Returns this membership with a member in a role that it did not have. */
    public Membership with(int member, boolean voter) {
        Set<Integer> voting = new TreeSet<>(voters);
        Set<Integer> observing = new TreeSet<>(observers);
        (voter ? observing : voting).remove(member);
        (voter ? voting : observing).add(member);
        return new Membership(version, voting, observing, groups, weights);
    }

    /** Returns this membership without a member. */
    public Membership without(int member) {
        Set<Integer> voting = new TreeSet<>(voters);
        Set<Integer> observing = new TreeSet<>(observers);
        voting.remove(member);
        observing.remove(member);
        return new Membership(version, voting, observing, groups, weights);
    }

    /** Returns this membership with votes counted in another way. */
    public Membership counting(Map<Integer, Integer> byGroups, Map<Integer, Integer> byWeights) {
        return new Membership(version, voters, observers, byGroups, byWeights);
    }

    /** Whether both have the same members, groups and weights, regardless of their versions. */
    public boolean sameAs(Membership other) {
        return voters.equals(other.voters)
                && observers.equals(other.observers)
                && ofVoters(groups).equals(other.ofVoters(other.groups))
                && nonDefaultWeights().equals(other.nonDefaultWeights());
    }

    private Map<Integer, Integer> ofVoters(Map<Integer, Integer> values) {
        Map<Integer, Integer> ofVoters = new TreeMap<>(values);
        ofVoters.keySet().retainAll(voters);
        return ofVoters;
    }

    private Map<Integer, Integer> nonDefaultWeights() {
        Map<Integer, Integer> weighted = ofVoters(weights);
        weighted.values().removeIf(weight -> weight == 1);
        return weighted;
    }
}
