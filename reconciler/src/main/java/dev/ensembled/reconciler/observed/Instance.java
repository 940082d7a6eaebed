package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What hosts a server: a pod, or a process of the local platform.
 *
 * @param name the name that the platform's own tools use
 * @param uid differs for each instance of a member, and is the precondition of every step on it
 * @param version of the platform's object for it (a resourceVersion); empty where the platform has none
 * @param revision the revision of the pod template from which it was created; empty if unknown
 * @param aspects the parts of that revision by name, as digests, which show why it is outdated
 * @param phase its phase, including terminating
 * @param reason the platform's reason for a phase other than plain running, such as CrashLoopBackOff; may be empty
 * @param message the platform's own message, for people; may be empty
 * @param ready whether the platform sends clients to it
 * @param since the time since which it has been ready, or not ready
 * @param created when it was created
 * @param location the node on which it is; empty if none
 * @param disk the disk state that its start script reports
 * @param permit the start permit, for a server without data of its own; empty if it has none
 * @param moved how many bytes its server has read, received and written since it was started; reported only while the
 *     server does not serve and still moves data, and only where the platform can report it
 */
public record Instance(
        String name,
        String uid,
        String version,
        String revision,
        Map<String, String> aspects,
        Phase phase,
        String reason,
        String message,
        boolean ready,
        Instant since,
        Instant created,
        Optional<String> location,
        Disk disk,
        Optional<StartPermit> permit,
        Optional<Long> moved) {

    public Instance {
        aspects = Map.copyOf(aspects);
    }

    /** The reason of an instance whose server last ended because its heap was full. */
    public static final String OUT_OF_MEMORY = "OutOfMemory";

    /** The reason, as Kubernetes reports it, of an instance whose container reached its memory limit. */
    public static final String OOM_KILLED = "OOMKilled";

    /** The disk state that a server found. In every state other than {@code FINE} the server does not start. */
    public enum Disk {
        /** Its own data, or nothing was reported. */
        FINE,
        /** Nothing, or what the server left when it was removed: it must not vote. */
        BLANK,
        /** The data of another server or of another ensemble. */
        FOREIGN,
        /** Data that the server cannot read. */
        CORRUPT
    }

    /** How a server starts that has no data of its own. */
    public enum StartPermit {
        /** With an empty database, together with the other bootstrap members. */
        BOOTSTRAP,
        /** As a learner, which syncs with the leader before it becomes a member. */
        JOIN
    }

    /** The phase of an instance. */
    public enum Phase {
        /** Accepted, but its process was never started: unschedulable, volume not attached, image not pulled. */
        PENDING,
        /** Its process runs, whether its server serves or not. */
        RUNNING,
        /** Its process ended and is not running at this moment, as in a crash loop. */
        CRASHED,
        /** Asked to end, and possibly still serving. */
        TERMINATING,
        /** The platform no longer knows its state, as for a pod on a node that does not answer. */
        UNKNOWN
    }

    /** Whether it is known for certain that no server process runs in it. */
    public boolean knownNotRunning() {
        return phase == Phase.PENDING || phase == Phase.CRASHED;
    }

    /** Whether its server last ended because it ran out of memory, which would happen again. */
    public boolean ranOutOfMemory() {
        return reason.equals(OUT_OF_MEMORY) || reason.equals(OOM_KILLED);
    }

    /** Returns this instance with the amount of data that its server reports to have moved. */
    public Instance moving(Optional<Long> bytes) {
        return new Instance(
                name, uid, version, revision, aspects, phase, reason, message, ready, since, created, location, disk,
                permit, bytes);
    }
}
