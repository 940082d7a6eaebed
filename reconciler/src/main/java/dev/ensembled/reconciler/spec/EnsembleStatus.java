package dev.ensembled.reconciler.spec;

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
 * The status of a {@link ZooKeeperEnsemble}, in the shape that kstatus, {@code kubectl wait}, Argo CD and Flux read. Times
 * are RFC 3339. Fields that nothing is known of are null.
 *
 * @param voters ids of the voters in the committed membership, as last seen
 * @param observers ids of the observers in the committed membership, as last seen
 * @param bootstrapped whether the ensemble has ever served with all its members; never goes back to false
 * @param sanityTested identifies the set of running instances that the last successful write-and-read-back covered, or only the
 *     leader, and the membership
 * @param memory what the rollout has to remember beside that
 * @param driftRepairs how many times an object was put back that somebody else had changed
 * @param volumes how large the smallest volumes are that servers use: what the spec may go back to
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

    /** The status of an ensemble that nothing was reported of yet. */
    public static EnsembleStatus empty() {
        return new EnsembleStatus(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** This status, with other members. */
    public EnsembleStatus withMembers(List<MemberStatus> others) {
        return copy(bootstrapped, others, sanityTested, memory, driftRepairs);
    }

    /** This status after a sanity test that a set of instances passed. */
    public EnsembleStatus withSanityTested(String fingerprint) {
        return copy(true, members, fingerprint, memory, driftRepairs);
    }

    /** This status after objects that somebody else had changed were put back. */
    public EnsembleStatus withMoreDriftRepairs(long repairs) {
        long before = driftRepairs == null ? 0 : driftRepairs;
        return copy(bootstrapped, members, sanityTested, memory, before + repairs);
    }

    /** This status, with something else to remember. */
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

    /** Since when a server has no pod or process, by this report; empty if it has one, or nothing is reported of it. */
    public Optional<Instant> missingSince(int member) {
        return members.stream()
                .filter(status -> status.id() == member && status.name() == null && status.since() != null)
                .map(status -> Instant.parse(status.since()))
                .findFirst();
    }

    /**
     * What the rollout has to remember, because nothing that can be observed tells it.
     *
     * @param bootstrapVoters with how many voters the ensemble is founded; null until that was decided
     * @param bootstrapObservers with how many observers
     * @param handledRequest the request to reconcile now that was handled last
     * @param snapshotFor the version of ZooKeeper before the upgrade to which a snapshot was taken last
     * @param sanityTestedRevision the revision at which the whole ensemble was proven last
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

        /** The sanity test failed, or passes again. */
        public Memory failing(FailedSanityTest proof) {
            return new Memory(
                    bootstrapVoters, bootstrapObservers, handledRequest, snapshotFor, sanityTestedRevision, proof);
        }
    }

    /**
     * Sizes of volumes, as Kubernetes writes quantities.
     *
     * @param data of those with the snapshots
     * @param log of those with the transaction log, where it has its own; else null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VolumeSizes(
            @JsonPropertyDescription("Of those with the snapshots.") @Size(max = 20) String data,
            @JsonPropertyDescription("Of those with the transaction log, where it has its own.") @Size(max = 20)
                    String log) {}

    /** One condition, in the shape that Kubernetes gives them. */
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
     * One server.
     *
     * @param zxid the last transaction that the server said it had, in hex; recorded before each step, since a server has
     *     to come back with at least that
     * @param since since when it is in this role or state
     * @param drift how the running server differs from the spec although its pod does not; null if it does not
     * @param driftOf the instance of which that was seen first: one that was restarted for it and still differs stalls
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
     * @param step the step that is being taken, for people; null when none is
     * @param gate the name of the gate that blocks; null when none does
     * @param reason why, for people
     * @param since since when this gate blocks or this step is under way
     * @param outdated how many members do not run the wanted revision yet
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
     * Where the spec came from.
     *
     * @param state Synced, Held (the file is invalid, the last good spec is enforced) or Orphaned (the file is gone)
     * @param message what to do about it; null when synced
     * @param origin the repository, directory and branch, without secrets; null if a version of ensembled accepted it that
     *     did not put this on record
     * @param installation the installation of ensembled that accepted it; null if that is not on record
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
            // It quotes names of files and answers of others, and people read it on their terminals.
            message = message == null ? null : OneLine.of(message);
        }

        public SourceStatus(String commit, String path, String state, String message) {
            this(commit, path, state, message, null, null);
        }

        /** The same source and commit, in another state. */
        public SourceStatus with(String otherState, String otherMessage) {
            return new SourceStatus(commit, path, otherState, otherMessage, origin, installation);
        }
    }
}
