package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** One place of the ensemble: its pod as the API tells it, and the server in it as it is in truth. Times are in ms. */
final class Node {
    static final long NEVER = Long.MAX_VALUE;

    /** How far the server is. */
    enum Mode {
        OFF,
        /** Its start script waits for a start permit. */
        WAITING,
        BOOTING,
        LOOKING,
        SYNCING,
        SERVING
    }

    final int id;
    final Disk disk;
    final Answers answers = new Answers();

    boolean exists;
    int lives;
    Template template = Template.NONE;
    Phase phase = Phase.PENDING;
    boolean ready;
    long readySince;
    long created;
    int version;
    long podNext = NEVER;
    long readyNext = NEVER;
    Instance.Disk refused = Instance.Disk.FINE;
    Optional<StartPermit> permit = Optional.empty();
    Membership permittedTo = Disk.NOBODY;
    boolean permitUsed;

    Mode mode = Mode.OFF;
    boolean leads;
    /** It still says that it serves, and its peers have gone on without it. */
    boolean stale;
    /** It leads and commits nothing (ZOOKEEPER-4708). */
    boolean mute;

    long modeSince;
    long serverNext = NEVER;
    long frozenUntil;
    long unreadableUntil;
    long partitionedUntil;
    /** Its peers will no longer reach it from then on. */
    long cutOffAt = NEVER;

    long cutOffFor;
    /** Its node is gone until then. */
    long lostUntil;
    /** Somebody drains its node until then. */
    long drainUntil;
    /** The membership that it goes by. */
    Membership told = Disk.NOBODY;

    long learnsAt = NEVER;

    private Optional<Instance> rendered = Optional.empty();

    Node(int id) {
        this.id = id;
        this.disk = new Disk(id);
    }

    String uid() {
        return "pod-" + id + "." + lives;
    }

    boolean isPermitted(StartPermit how) {
        return permit.filter(how::equals).isPresent();
    }

    boolean isNewlyPermitted(StartPermit how) {
        return !permitUsed && isPermitted(how);
    }

    /** Whether it takes requests, in truth. */
    boolean serves(long now) {
        return mode == Mode.SERVING && !stale && !frozen(now);
    }

    boolean frozen(long now) {
        return now < frozenUntil;
    }

    boolean partitioned(long now) {
        return now < partitionedUntil;
    }

    boolean readable(long now) {
        return !frozen(now) && now >= unreadableUntil;
    }

    /** Whether its peers can count on it. */
    boolean connected(long now) {
        return (mode == Mode.SYNCING || mode == Mode.SERVING) && !stale && !frozen(now) && !partitioned(now);
    }

    /** Whether it takes part in what the leader commits. */
    boolean inSync(long now) {
        return mode == Mode.SERVING && (connected(now) || (leadsAlone(now) && !frozen(now)));
    }

    /**
     * The only voter is a quorum by itself: its peers may not reach it, or nothing run in it, and it leads on after that. Not
     * on a node that is gone.
     */
    boolean leadsAlone(long now) {
        return leads && !stale && now >= lostUntil && told.voters().equals(Set.of(id));
    }

    boolean looks(long now) {
        return mode == Mode.LOOKING && template.findsPeers() && !frozen(now) && !partitioned(now);
    }

    boolean electable(long now) {
        return looks(now) && disk.known.voters().contains(id);
    }

    Role role() {
        if (leads) {
            return Role.LEADER;
        }
        // Whoever is no member follows without a vote, as ZooKeeper 3.9.5 has it.
        return told.observers().contains(id) ? Role.OBSERVER : Role.FOLLOWER;
    }

    void become(Mode next, long now) {
        mode = next;
        modeSince = now;
        leads = false;
        stale = false;
        mute = false;
        serverNext = NEVER;
        learnsAt = NEVER;
        told = disk.known;
        if (next == Mode.OFF) {
            answers.end();
        }
    }

    void setReady(boolean now, long at) {
        if (ready != now) {
            ready = now;
            readySince = at;
            touch();
        }
    }

    void enter(Phase next) {
        phase = next;
        touch();
    }

    /** The pod's record changed. */
    void touch() {
        version++;
        rendered = Optional.empty();
    }

    /** When something happens to it next by itself. */
    long next(long now) {
        long next = later(podNext, now, later(readyNext, now, later(serverNext, now, later(learnsAt, now, NEVER))));
        next = Math.min(next, answers.next(now));
        next = later(disk.growsAt, now, later(lostUntil, now, later(cutOffAt, now, next)));
        return later(frozenUntil, now, later(unreadableUntil, now, later(partitionedUntil, now, next)));
    }

    private static long later(long time, long now, long next) {
        return time > now ? Math.min(time, next) : next;
    }

    private String reason() {
        return switch (phase) {
            case RUNNING -> "";
            case PENDING -> template.starts() ? "ContainerCreating" : "ErrImagePull";
            case CRASHED -> "CrashLoopBackOff";
            case TERMINATING, UNKNOWN -> phase.name();
        };
    }

    private Problem problem() {
        return switch (phase) {
            case PENDING -> template.starts() ? Problem.NONE : Problem.IMAGE;
            case CRASHED -> Problem.BACK_OFF;
            case RUNNING, TERMINATING, UNKNOWN -> Problem.NONE;
        };
    }

    Optional<Instance> instance() {
        if (exists && rendered.isEmpty()) {
            rendered = Optional.of(Instance.builder("kafka-" + (id - 1), uid(), Instant.ofEpochMilli(created))
                    .version(String.valueOf(version))
                    .revision(template.id(), template.aspects())
                    .phase(phase)
                    .problem(problem())
                    .reason(reason())
                    .ready(ready, Instant.ofEpochMilli(readySince))
                    .disk(refused)
                    .permit(permit)
                    .build());
        }
        return exists ? rendered : Optional.empty();
    }
}
