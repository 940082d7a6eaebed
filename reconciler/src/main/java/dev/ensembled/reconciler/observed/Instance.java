package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What hosts a server: a pod, or a process of the local platform.
 *
 * @param name as the platform's own tools call it
 * @param uid differs for each life of the instance, and is the precondition of every act on it
 * @param version of the platform's record of it (a resourceVersion); empty where the platform has none
 * @param revision which revision of the desired template it was made from; empty if unknown
 * @param aspects the parts of that revision by name, as digests, to tell why it is outdated
 * @param phase how far it has come, terminating included
 * @param reason the platform's word for a phase that is not plain running, such as CrashLoopBackOff; may be empty
 * @param message the platform's own message, for people; may be empty
 * @param ready whether the platform sends clients to it
 * @param since since when it is ready, or not ready
 * @param created when this life began
 * @param location the node it is on; empty if none
 * @param disk what its start script says of its disk
 * @param permit the permit to start without data of its own; empty if it was not
 * @param moved how many bytes its server has read, received and written since it was started; told only while it does not
 *     serve and goes on moving more, and only where the platform can tell
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

    /** The reason of an instance whose server ended, and ended last, because its heap was full. */
    public static final String OUT_OF_MEMORY = "OutOfMemory";

    /** The reason, by Kubernetes' own word, of one whose container had taken all the memory that it may. */
    public static final String OOM_KILLED = "OOMKilled";

    /** What a server finds on its disk. One that is not fine is why the server does not start. */
    public enum Disk {
        /** Its own data, or nothing was said. */
        FINE,
        /** Nothing, or what it left when it was removed: it must not vote. */
        BLANK,
        /** The data of another server or of another ensemble. */
        FOREIGN,
        /** Data that the server cannot read. */
        CORRUPT
    }

    /** How a server begins that has no data of its own. */
    public enum StartPermit {
        /** With an empty database, together with the other founding members. */
        BOOTSTRAP,
        /** As a learner, which fetches what the others have before it is given a place. */
        JOIN
    }

    /** How far an instance has come. */
    public enum Phase {
        /** Accepted, but its process was never started: unschedulable, volume not attached, image not pulled. */
        PENDING,
        /** Its process runs, whatever the server in it does. */
        RUNNING,
        /** Its process ended and is not running at this moment, as in a crash loop. */
        CRASHED,
        /** Asked to go, and possibly still serving. */
        TERMINATING,
        /** The platform has lost sight of it, as of a pod on a node that does not answer. */
        UNKNOWN
    }

    /** Whether it is known for certain that no server process runs in it. */
    public boolean knownNotRunning() {
        return phase == Phase.PENDING || phase == Phase.CRASHED;
    }

    /** Whether its server ended last for want of memory, as it would again. */
    public boolean ranOutOfMemory() {
        return reason.equals(OUT_OF_MEMORY) || reason.equals(OOM_KILLED);
    }

    /** This, with what its server says of the data that it moves. */
    public Instance moving(Optional<Long> bytes) {
        return new Instance(
                name, uid, version, revision, aspects, phase, reason, message, ready, since, created, location, disk,
                permit, bytes);
    }
}
