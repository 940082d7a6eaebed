package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The status of a {@link ZooKeeperEnsemble}, in the form that kstatus, {@code kubectl wait}, Argo CD and Flux read.
 * Times are in RFC 3339. Fields without a known value are null.
 *
 * @param voters ids of the voters in the committed configuration, as last observed
 * @param observers ids of the observers in the committed configuration, as last observed
 * @param bootstrapped whether the ensemble has ever served with all its members; never becomes false again
 * @param sanityTested fingerprint of the running instances, or of the leader alone, and of the membership that the last
 *     successful sanity test covered
 * @param memory what else the rollout has to remember
 * @param driftRepairs how many times an object was restored after another manager had changed it
 * @param volumes the sizes of the smallest volumes that servers use: the smallest sizes to which the spec may return
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnsembleStatus(
        @JsonPropertyDescription("Generation of the spec that this status was computed for.") Long observedGeneration,
        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled (as defined by kstatus) and Available.")
                List<Condition> conditions,
        @JsonPropertyDescription("Id of the leader.") Integer leader,
        @JsonPropertyDescription("Version of the committed configuration, in hexadecimal.") String configVersion,
        @JsonPropertyDescription("Ids of the voters in the committed configuration.") List<Integer> voters,
        @JsonPropertyDescription("Ids of the observers in the committed configuration.") List<Integer> observers,
        @JsonPropertyDescription("Whether the ensemble has served at least once.") Boolean bootstrapped,
        @JsonPropertyDescription("Status of each member.") List<MemberStatus> members,
        @JsonPropertyDescription("Status of the rollout: the current step, or the closed gate.") RolloutStatus rollout,
        @JsonPropertyDescription("Fingerprint of the servers that the last successful sanity test covered.")
                String sanityTested,
        @JsonPropertyDescription("State of the rollout that cannot be observed.")
                @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OmitDefaults.class)
                Memory memory,
        @JsonPropertyDescription("Number of times that an object was restored after another manager had changed it.")
                Long driftRepairs,
        @JsonPropertyDescription(
                        "Sizes of the smallest volumes that servers use. Storage sizes cannot be decreased below them.")
                VolumeSizes volumes,
        @JsonPropertyDescription("Source of the accepted spec.") SourceStatus source) {

    public EnsembleStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        voters = voters == null ? List.of() : List.copyOf(voters);
        observers = observers == null ? List.of() : List.copyOf(observers);
        members = members == null ? List.of() : List.copyOf(members);
        memory = memory == null ? Memory.NOTHING : memory;
    }

    /** The status of an ensemble for which nothing has been reported yet. */
    public static EnsembleStatus empty() {
        return new EnsembleStatus(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** This status with other members. */
    public EnsembleStatus withMembers(List<MemberStatus> others) {
        return copy(bootstrapped, others, sanityTested, memory, driftRepairs);
    }

    /** This status after these instances have passed a sanity test. */
    public EnsembleStatus withSanityTested(String fingerprint) {
        return copy(true, members, fingerprint, memory, driftRepairs);
    }

    /** This status after the repair of objects that another manager had changed. */
    public EnsembleStatus withMoreDriftRepairs(long repairs) {
        long before = driftRepairs == null ? 0 : driftRepairs;
        return copy(bootstrapped, members, sanityTested, memory, before + repairs);
    }

    /** This status with another memory. */
    public EnsembleStatus withMemory(Memory other) {
        return copy(bootstrapped, members, sanityTested, other, driftRepairs);
    }

    private EnsembleStatus copy(
            Boolean nowBootstrapped,
            List<MemberStatus> nowMembers,
            String nowSanityTested,
            Memory nowMemory,
            Long nowRepairs) {
        return new EnsembleStatus(
                observedGeneration,
                conditions,
                leader,
                configVersion,
                voters,
                observers,
                nowBootstrapped,
                nowMembers,
                rollout,
                nowSanityTested,
                nowMemory,
                nowRepairs,
                volumes,
                source);
    }

    /** Whether a condition of this type is reported as true. */
    public boolean isTrue(String type) {
        return conditions.stream()
                .anyMatch(condition -> condition.type().equals(type) && "True".equals(condition.status()));
    }

    /** The number of members that do not run the wanted revision yet, as far as it is reported. */
    public int outdated() {
        return rollout == null || rollout.outdated() == null ? 0 : rollout.outdated();
    }

    /** Whether the ensemble has ever served. */
    public boolean wasBootstrapped() {
        return Boolean.TRUE.equals(bootstrapped);
    }

    /**
     * The time since which a server has had no pod or process, by this status; empty if it has one, or nothing is
     * reported of it.
     */
    public Optional<Instant> missingSince(int member) {
        return members.stream()
                .filter(status -> status.id() == member && status.name() == null && status.since() != null)
                .map(status -> Instant.parse(status.since()))
                .findFirst();
    }

    /**
     * What the rollout has to remember, because it cannot be observed.
     *
     * @param bootstrapVoters the number of voters with which the ensemble is bootstrapped; null until that is decided
     * @param bootstrapObservers the number of observers with which the ensemble is bootstrapped; null until that is
     *     decided
     * @param handledRequest the last request for an immediate reconcile that was handled
     * @param snapshotFor the ZooKeeper version for whose upgrade the last snapshot was taken
     * @param sanityTestedRevision the last revision at which the whole ensemble passed a sanity test
     * @param failedSanityTest the sanity test that fails; null if the last one passed
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Memory(
            @JsonPropertyDescription("Number of voters of the bootstrap.") Integer bootstrapVoters,
            @JsonPropertyDescription("Number of observers of the bootstrap.") Integer bootstrapObservers,
            @JsonPropertyDescription("Value of the last request to reconcile now that was handled.")
                    String handledRequest,
            @JsonPropertyDescription("Version of ZooKeeper before whose upgrade the last snapshot was taken.")
                    String snapshotFor,
            @JsonPropertyDescription("Last revision at which the whole ensemble passed a sanity test.")
                    String sanityTestedRevision,
            @JsonPropertyDescription("The failing sanity test. Absent if the last one passed.")
                    FailedSanityTest failedSanityTest) {
        public static final Memory NOTHING = new Memory(null, null, null, null, null, null);

        public Memory bootstrapping(int voters, int observers) {
            return new Memory(voters, observers, handledRequest, snapshotFor, sanityTestedRevision, failedSanityTest);
        }

        public Memory handled(String request) {
            return new Memory(
                    bootstrapVoters, bootstrapObservers, request, snapshotFor, sanityTestedRevision, failedSanityTest);
        }

        public Memory snapshotTakenFor(String version) {
            return new Memory(
                    bootstrapVoters,
                    bootstrapObservers,
                    handledRequest,
                    version,
                    sanityTestedRevision,
                    failedSanityTest);
        }

        public Memory sanityTestedAt(String revision) {
            return new Memory(
                    bootstrapVoters, bootstrapObservers, handledRequest, snapshotFor, revision, failedSanityTest);
        }

        /** Records that the sanity test failed, or, with null, that it passes again. */
        public Memory failing(FailedSanityTest failed) {
            return new Memory(
                    bootstrapVoters, bootstrapObservers, handledRequest, snapshotFor, sanityTestedRevision, failed);
        }
    }

    /**
     * Sizes of volumes, as Kubernetes quantities.
     *
     * @param data the size of the volumes with the snapshots
     * @param log the size of the volumes with the transaction log, if the log has its own volume; otherwise null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VolumeSizes(
            @JsonPropertyDescription("Size of the smallest volume for snapshots.") @Size(max = 20) String data,
            @JsonPropertyDescription("Size of the smallest volume for the transaction log, if it is separate.")
                    @Size(max = 20)
                    String log) {}

    /** A condition, in the form that Kubernetes defines. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Condition(
            @Required String type,
            @Required String status,
            String reason,
            String message,
            String lastTransitionTime,
            Long observedGeneration) {}

    /**
     * The status of one member.
     *
     * @param zxid the last zxid that the server reported, in hexadecimal; recorded before each step, because a server
     *     must return with at least this zxid
     * @param since when the member entered this role or state
     * @param drift how the running server differs from the spec although its pod does not; null if it does not differ
     * @param driftOf the instance in which this difference was first observed; if a restart for the difference does not
     *     remove it, the ensemble stalls
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberStatus(
            @JsonPropertyDescription("Id of the server (myid).") @Required Integer id,
            @JsonPropertyDescription("Name of the pod or process.") String name,
            @JsonPropertyDescription("Role that the server reports, or its state if it is not serving.") String role,
            @JsonPropertyDescription("Id of the last transaction (zxid) that the server reported, in hexadecimal.")
                    String zxid,
            @JsonPropertyDescription("Revision of the pod template of the instance.") String revision,
            @JsonPropertyDescription("Whether the instance is ready to receive clients.") Boolean ready,
            @JsonPropertyDescription("Time at which the member entered this role or state.") String since,
            @JsonPropertyDescription(
                            "Differences between the running server and the spec that its revision does not explain.")
                    String drift,
            @JsonPropertyDescription("UID of the instance in which this difference was first observed.")
                    String driftOf) {

        public MemberStatus(
                Integer id, String name, String role, String zxid, String revision, Boolean ready, String since) {
            this(id, name, role, zxid, revision, ready, since, null, null);
        }

        /** The zxid as an unsigned number; 0 if none is known. */
        public long zxidOrZero() {
            return zxid == null ? 0 : Long.parseUnsignedLong(zxid.startsWith("0x") ? zxid.substring(2) : zxid, 16);
        }
    }

    /**
     * What the rollout does, or what holds it.
     *
     * @param step the step that is being taken, for people; null if there is none
     * @param gate the name of the closed gate; null if there is none
     * @param reason why, for people
     * @param since when this gate closed or this step began
     * @param outdated the number of outdated members
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RolloutStatus(
            @JsonPropertyDescription("Step that is in progress.") String step,
            @JsonPropertyDescription("Name of the closed gate.") String gate,
            @JsonPropertyDescription("Reason of the step, or why the gate is closed.") String reason,
            @JsonPropertyDescription("Time at which this step began or this gate closed.") String since,
            @JsonPropertyDescription("Number of members that do not run the wanted revision yet.") Integer outdated) {}

    /**
     * The source of the spec.
     *
     * @param state Synced, Held (the file is invalid, the last good spec is enforced), RemovalPending (the file is gone, and
     *     a person has to confirm that) or Orphaned (the file is gone)
     * @param message what to do about it; null if the state is Synced
     * @param origin the repository, directory and branch, without secrets; null if the version of ensembled that
     *     accepted the spec did not record it
     * @param installation the installation of ensembled that accepted the spec, followed by a slash and the name of the source
     *     unless that is {@code default}; null if it is not recorded
     * @param removal what waits for a confirmation; null unless the state is RemovalPending
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SourceStatus(
            @JsonPropertyDescription("Commit from which the spec was accepted.") String commit,
            @JsonPropertyDescription("Path of the file in the repository.") String path,
            @JsonPropertyDescription(
                            "Synced, Held (the file is invalid or cannot be read), RemovalPending (the file was removed, and"
                                    + " the removal waits for a confirmation) or Orphaned (the file was removed).")
                    String state,
            @JsonPropertyDescription("Why the state is not Synced, and what to do. Absent if it is Synced.")
                    String message,
            @JsonPropertyDescription("Repository, directory and branch.") String origin,
            @JsonPropertyDescription("Installation, and source, that accepted the spec.") String installation,
            @JsonPropertyDescription("Removal that waits for a confirmation. Absent if none does.")
                    PendingRemoval removal) {
        public SourceStatus {
            // It quotes names of files and responses from outside, and people read it on terminals.
            message = message == null ? null : SafeText.of(message);
        }

        public SourceStatus(String commit, String path, String state, String message) {
            this(commit, path, state, message, null, null);
        }

        public SourceStatus(
                String commit, String path, String state, String message, String origin, String installation) {
            this(commit, path, state, message, origin, installation, null);
        }

        /** The same source and commit in another state. */
        public SourceStatus with(String otherState, String otherMessage) {
            return new SourceStatus(commit, path, otherState, otherMessage, origin, installation);
        }

        /** The same source and commit, with a removal that waits for a confirmation. */
        public SourceStatus with(String otherState, String otherMessage, PendingRemoval pending) {
            return new SourceStatus(commit, path, otherState, otherMessage, origin, installation, pending);
        }
    }

    /**
     * A removal that waits for a confirmation.
     *
     * @param commit that removes the ensemble; a confirmation names it
     * @param ensembles the number of ensembles that the commit removes
     * @param deletes whether the ensemble is deleted once it is confirmed; if not, it is orphaned and keeps running
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PendingRemoval(
            @JsonPropertyDescription("Commit that removes the ensemble; a confirmation names it.") String commit,
            @JsonPropertyDescription("Number of ensembles that the commit removes.") Integer ensembles,
            @JsonPropertyDescription(
                            "Whether the ensemble is deleted once the removal is confirmed; if not, it is orphaned and keeps"
                                    + " running.")
                    Boolean deletes) {}
}
