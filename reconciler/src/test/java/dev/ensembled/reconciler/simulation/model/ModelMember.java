package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** One member: its pod as the API server reports it, and the true state of its server. Times are in ms. */
public final class ModelMember {
    public static final long NEVER = Long.MAX_VALUE;

    /** The state of the server process. */
    public enum Mode {
        OFF,
        /** The start script waits for a start permit. */
        WAITING,
        BOOTING,
        LOOKING,
        SYNCING,
        SERVING
    }

    public final int id;
    public final Disk disk;
    public final ResponseFaults responses = new ResponseFaults();

    public boolean exists;
    int incarnation;
    public ModelTemplate template = ModelTemplate.NONE;
    public Phase phase = Phase.PENDING;
    public boolean ready;
    public long readySince;
    long createdAt;
    public int resourceVersion;
    long podActionAt = NEVER;
    long probeActionAt = NEVER;
    public Instance.Disk reportedDisk = Instance.Disk.FINE;
    public Optional<StartPermit> permit = Optional.empty();
    Membership permittedMembership = Disk.NO_MEMBERS;
    boolean permitUsed;

    public Mode mode = Mode.OFF;
    public boolean leads;
    /** The server still reports that it serves, but its peers continue without it. */
    public boolean stale;
    /** The server leads and commits nothing (ZOOKEEPER-4708). */
    public boolean nonCommitting;

    public long modeSince;
    long serverActionAt = NEVER;
    long frozenUntil;
    long unreadableUntil;
    long partitionedUntil;
    /** When a partition from its peers starts. */
    long partitionAt = NEVER;

    long partitionDuration;
    /** Until when its Kubernetes node is down. */
    public long nodeDownUntil;
    /** Until when its Kubernetes node is being drained. */
    long drainUntil;
    /** The membership by which the server acts; a new one on disk becomes active with a delay. */
    public Membership activeMembership = Disk.NO_MEMBERS;

    long activatesMembershipAt = NEVER;

    /** The role that the server keeps, although its membership gives it another one. */
    Optional<Role> keptRole = Optional.empty();

    long keepsRoleUntil = NEVER;

    private Optional<Instance> cachedInstance = Optional.empty();

    public ModelMember(int id) {
        this.id = id;
        this.disk = new Disk(id);
    }

    public String uid() {
        return "pod-" + id + "." + incarnation;
    }

    boolean hasPermit(StartPermit how) {
        return permit.filter(how::equals).isPresent();
    }

    boolean hasUnusedPermit(StartPermit how) {
        return !permitUsed && hasPermit(how);
    }

    /** Whether the server takes requests, in truth. */
    public boolean serves(long now) {
        return mode == Mode.SERVING && !stale && !frozen(now);
    }

    boolean frozen(long now) {
        return now < frozenUntil;
    }

    boolean partitioned(long now) {
        return now < partitionedUntil;
    }

    public boolean readable(long now) {
        return !frozen(now) && now >= unreadableUntil;
    }

    /** Whether the server is connected to its peers. */
    boolean connected(long now) {
        return (mode == Mode.SYNCING || mode == Mode.SERVING) && !stale && !frozen(now) && !partitioned(now);
    }

    /** Whether the server takes part in the commits of the leader. */
    public boolean inSync(long now) {
        return mode == Mode.SERVING && (connected(now) || (leadsAlone(now) && !frozen(now)));
    }

    /**
     * Whether the server leads as the single voter: it is a quorum by itself, so it keeps leading while it is partitioned or
     * frozen, but not while its node is down.
     */
    boolean leadsAlone(long now) {
        return leads
                && !stale
                && now >= nodeDownUntil
                && activeMembership.voters().equals(Set.of(id));
    }

    /** Whether the leader counts the server's acknowledgements: not while it keeps the role of an observer. */
    public boolean votes() {
        return keptRole.isEmpty() || keptRole.get() != Role.OBSERVER;
    }

    public boolean isElecting(long now) {
        return mode == Mode.LOOKING && template.canReachPeers() && !frozen(now) && !partitioned(now);
    }

    boolean isElectable(long now) {
        return isElecting(now) && disk.membership.voters().contains(id);
    }

    public Role role() {
        if (leads) {
            return Role.LEADER;
        } else if (keptRole.isPresent()) {
            return keptRole.get();
        }
        // A learner that is not a member reports the role of a follower, as in ZooKeeper 3.9.5.
        return activeMembership.observers().contains(id) ? Role.OBSERVER : Role.FOLLOWER;
    }

    void keepRole(Role role, long until) {
        keptRole = Optional.of(role);
        keepsRoleUntil = until;
    }

    void setMode(Mode next, long now) {
        mode = next;
        modeSince = now;
        leads = false;
        stale = false;
        nonCommitting = false;
        serverActionAt = NEVER;
        activatesMembershipAt = NEVER;
        keptRole = Optional.empty();
        keepsRoleUntil = NEVER;
        activeMembership = disk.membership;
        if (next == Mode.OFF) {
            responses.end();
        }
    }

    void setReady(boolean now, long at) {
        if (ready != now) {
            ready = now;
            readySince = at;
            bumpResourceVersion();
        }
    }

    void setPhase(Phase next) {
        phase = next;
        bumpResourceVersion();
    }

    /** The pod object has changed. */
    void bumpResourceVersion() {
        resourceVersion++;
        cachedInstance = Optional.empty();
    }

    /** When the next action of this member is due. */
    long nextActionAt(long now) {
        long next = later(podActionAt, now, later(probeActionAt, now, later(serverActionAt, now, NEVER)));
        next = later(activatesMembershipAt, now, later(keepsRoleUntil, now, next));
        next = Math.min(next, responses.nextEndAfter(now));
        next = later(disk.growsAt, now, later(nodeDownUntil, now, later(partitionAt, now, next)));
        return later(frozenUntil, now, later(unreadableUntil, now, later(partitionedUntil, now, next)));
    }

    private static long later(long time, long now, long next) {
        return time > now ? Math.min(time, next) : next;
    }

    private String reason() {
        return switch (phase) {
            case RUNNING -> "";
            case PENDING -> template.canStart() ? "ContainerCreating" : "ErrImagePull";
            case CRASHED -> "CrashLoopBackOff";
            case TERMINATING, UNKNOWN -> phase.name();
        };
    }

    private Problem problem() {
        return switch (phase) {
            case PENDING -> template.canStart() ? Problem.NONE : Problem.IMAGE;
            case CRASHED -> Problem.BACK_OFF;
            case RUNNING, TERMINATING, UNKNOWN -> Problem.NONE;
        };
    }

    public Optional<Instance> instance() {
        if (exists && cachedInstance.isEmpty()) {
            cachedInstance = Optional.of(Instance.builder("kafka-" + (id - 1), uid(), Instant.ofEpochMilli(createdAt))
                    .version(String.valueOf(resourceVersion))
                    .revision(template.id(), template.aspects())
                    .phase(phase)
                    .problem(problem())
                    .reason(reason())
                    .ready(ready, Instant.ofEpochMilli(readySince))
                    .disk(reportedDisk)
                    .permit(permit)
                    .build());
        }
        return exists ? cachedInstance : Optional.empty();
    }
}
