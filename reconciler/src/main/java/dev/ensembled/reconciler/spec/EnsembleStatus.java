package dev.ensembled.reconciler.spec;

import java.util.List;

/**
 * The status of a {@link ZooKeeperEnsemble}, in the shape that kstatus, {@code kubectl wait}, Argo CD and Flux read. Times
 * are RFC 3339. Fields that nothing is known of are null.
 *
 * @param voters ids of the voters in the committed membership, as last seen
 * @param observers ids of the observers in the committed membership, as last seen
 * @param formed whether the ensemble has ever served with all its members; never goes back to false
 * @param verified identifies the set of running instances that the last successful write-and-read-back covered
 * @param driftRepairs how many times an object was put back that somebody else had changed
 */
public record EnsembleStatus(
        Long observedGeneration,
        List<Condition> conditions,
        Integer leader,
        String configVersion,
        List<Integer> voters,
        List<Integer> observers,
        Boolean formed,
        List<MemberStatus> members,
        RolloutStatus rollout,
        String verified,
        Long driftRepairs,
        SourceStatus source) {

    public EnsembleStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        voters = voters == null ? List.of() : List.copyOf(voters);
        observers = observers == null ? List.of() : List.copyOf(observers);
        members = members == null ? List.of() : List.copyOf(members);
    }

    /** The status of an ensemble that nothing was reported of yet. */
    public static EnsembleStatus empty() {
        return new EnsembleStatus(null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** This status, with other members. */
    public EnsembleStatus withMembers(List<MemberStatus> others) {
        return new EnsembleStatus(
                observedGeneration,
                conditions,
                leader,
                configVersion,
                voters,
                observers,
                formed,
                others,
                rollout,
                verified,
                driftRepairs,
                source);
    }

    /** This status after a sanity test that a set of instances passed. */
    public EnsembleStatus withVerified(String fingerprint) {
        return new EnsembleStatus(
                observedGeneration,
                conditions,
                leader,
                configVersion,
                voters,
                observers,
                true,
                members,
                rollout,
                fingerprint,
                driftRepairs,
                source);
    }

    /** This status after objects that somebody else had changed were put back. */
    public EnsembleStatus withMoreDriftRepairs(long repairs) {
        long before = driftRepairs == null ? 0 : driftRepairs;
        return new EnsembleStatus(
                observedGeneration,
                conditions,
                leader,
                configVersion,
                voters,
                observers,
                formed,
                members,
                rollout,
                verified,
                before + repairs,
                source);
    }

    /** Whether the ensemble has ever served with all its members. */
    public boolean hasFormed() {
        return Boolean.TRUE.equals(formed);
    }

    public record Condition(
            String type,
            String status,
            String reason,
            String message,
            String lastTransitionTime,
            Long observedGeneration) {}

    /**
     * One server.
     *
     * @param zxid the last transaction that the server said it had, in hex; recorded before each step, since a server has
     *     to come back with at least that
     * @param since since when it is in this role or state
     */
    public record MemberStatus(
            Integer id, String name, String role, String zxid, String revision, Boolean ready, String since) {

        /** The zxid as an unsigned number; 0 if none is known. */
        public long zxidOrZero() {
            return zxid == null ? 0 : Long.parseUnsignedLong(zxid.startsWith("0x") ? zxid.substring(2) : zxid, 16);
        }
    }

    /**
     * What the rollout does, or what holds it.
     *
     * @param step the step that is being taken, for people; null when none is
     * @param gate the name of the gate that blocks; null when none does
     * @param reason why, for people
     * @param since since when this gate blocks or this step is under way
     * @param outdated how many members do not run the wanted revision yet
     */
    public record RolloutStatus(String step, String gate, String reason, String since, Integer outdated) {}

    /**
     * Where the spec came from.
     *
     * @param state Synced, Held (the file is invalid, the last good spec is enforced) or Orphaned (the file is gone)
     * @param message what to do about it; null when synced
     */
    public record SourceStatus(String commit, String path, String state, String message) {}
}
