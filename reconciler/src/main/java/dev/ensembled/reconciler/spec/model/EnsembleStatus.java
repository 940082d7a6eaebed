package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
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
@SchemaCustomizer(value = SchemaPatch.class, input = SchemaPatch.STATUS)
public record EnsembleStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") Long observedGeneration,
        @JsonPropertyDescription("Ready, Reconciling and Stalled, as kstatus reads them.") List<Condition> conditions,
        @JsonPropertyDescription("Id of the server that leads.") Integer leader,
        @JsonPropertyDescription("Version of the committed membership, in hex.") String configVersion,
        @JsonPropertyDescription("Ids of the voters in the committed membership.") List<Integer> voters,
        @JsonPropertyDescription("Ids of the observers in the committed membership.") List<Integer> observers,
        @JsonPropertyDescription("Whether the ensemble has ever served with all its members.") Boolean bootstrapped,
        @JsonPropertyDescription("The servers.") List<MemberStatus> members,
        @JsonPropertyDescription("What the rollout does, or what holds it.") RolloutStatus rollout,
        @JsonPropertyDescription("Identifies the running servers that the last successful sanity test covered.")
                String sanityTested,
        @JsonPropertyDescription("What the rollout has to remember.")
                @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OmitDefaults.class)
                Memory memory,
        @JsonPropertyDescription("How many times an object was put back that somebody else had changed.")
                Long driftRepairs,
        @JsonPropertyDescription("How large the smallest volumes are that servers use.") VolumeSizes volumes,
        @JsonPropertyDescription("Where the spec came from.") SourceStatus source) {

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
            @JsonPropertyDescription("With how many voters the ensemble is founded.") Integer bootstrapVoters,
            @JsonPropertyDescription("With how many observers the ensemble is founded.") Integer bootstrapObservers,
            @JsonPropertyDescription("The request to reconcile now that was handled last.") String handledRequest,
            @JsonPropertyDescription("Before the upgrade to which version a snapshot was taken last.")
                    String snapshotFor,
            @JsonPropertyDescription("The revision at which the whole ensemble was proven last.")
                    String sanityTestedRevision,
            @JsonPropertyDescription("The sanity test that fails.") FailedSanityTest failedSanityTest) {
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
        public Memory failing(FailedSanityTest proof) {
            return new Memory(
                    bootstrapVoters, bootstrapObservers, handledRequest, snapshotFor, sanityTestedRevision, proof);
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
            @JsonPropertyDescription("Of those with the snapshots.") @Size(max = 20) String data,
            @JsonPropertyDescription("Of those with the transaction log, where it has its own.") @Size(max = 20)
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
            @JsonPropertyDescription("The server's id (myid).") @Required Integer id,
            @JsonPropertyDescription("Name of the pod or process.") String name,
            @JsonPropertyDescription("What the server says that it is, or the state that it is in.") String role,
            @JsonPropertyDescription("The last transaction that the server said it had, in hex.") String zxid,
            @JsonPropertyDescription("The revision of the template that it runs.") String revision,
            @JsonPropertyDescription("Whether clients are sent to it.") Boolean ready,
            @JsonPropertyDescription("Since when it is in this role or state.") String since,
            @JsonPropertyDescription("How the running server differs from the spec.") String drift,
            @JsonPropertyDescription("The instance of which that was seen first.") String driftOf) {

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
            @JsonPropertyDescription("The step that is being taken.") String step,
            @JsonPropertyDescription("The name of the gate that blocks.") String gate,
            @JsonPropertyDescription("Why.") String reason,
            @JsonPropertyDescription("Since when this gate blocks or this step is under way.") String since,
            @JsonPropertyDescription("How many servers do not run the wanted revision yet.") Integer outdated) {}

    /**
     * The source of the spec.
     *
     * @param state Synced, Held (the file is invalid, the last good spec is enforced) or Orphaned (the file is gone)
     * @param message what to do about it; null if the state is Synced
     * @param origin the repository, directory and branch, without secrets; null if the version of ensembled that
     *     accepted the spec did not record it
     * @param installation the installation of ensembled that accepted the spec; null if it is not recorded
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SourceStatus(
            @JsonPropertyDescription("The commit.") String commit,
            @JsonPropertyDescription("The file.") String path,
            @JsonPropertyDescription("Synced, Held (the file is invalid) or Orphaned (the file is gone).") String state,
            @JsonPropertyDescription("What to do about it.") String message,
            @JsonPropertyDescription("The repository, directory and branch.") String origin,
            @JsonPropertyDescription("The installation of ensembled that accepted it.") String installation) {
        public SourceStatus {
            // It quotes names of files and responses from outside, and people read it on terminals.
            message = message == null ? null : OneLine.of(message);
        }

        public SourceStatus(String commit, String path, String state, String message) {
            this(commit, path, state, message, null, null);
        }

        /** The same source and commit in another state. */
        public SourceStatus with(String otherState, String otherMessage) {
            return new SourceStatus(commit, path, otherState, otherMessage, origin, installation);
        }
    }
}
