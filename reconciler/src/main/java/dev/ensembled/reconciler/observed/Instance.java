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
 * @param problem what keeps its server from running, as far as a decision depends on it
 * @param reason the platform's reason for a phase other than plain running, such as CrashLoopBackOff, for people only;
 *     may be empty
 * @param message the platform's own message, for people only; may be empty
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
        Problem problem,
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

    /** Returns a builder for an instance that runs, is not ready, and was created at this time. */
    public static Builder builder(String name, String uid, Instant created) {
        return new Builder(name, uid, created);
    }

    /** Returns a builder that starts with the values of this instance. */
    public Builder toBuilder() {
        return new Builder(this);
    }

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

    /** A problem of an instance on which a decision depends. The platform recognizes it. */
    public enum Problem {
        /** None, or none on which a decision depends. */
        NONE,
        /** No node accepts it. */
        UNSCHEDULABLE,
        /** An image cannot be pulled. */
        IMAGE,
        /** A volume cannot be attached or mounted. */
        VOLUME,
        /** Its process ended repeatedly, and the platform delays the next start longer and longer. */
        BACK_OFF,
        /** Its server last ended because its heap was full. */
        HEAP_FULL,
        /** Its process was last ended because it reached its memory limit. */
        MEMORY_LIMIT
    }

    /** Whether it is known for certain that no server process runs in it. */
    public boolean knownNotRunning() {
        return phase == Phase.PENDING || phase == Phase.CRASHED;
    }

    /** Whether its server last ended because it ran out of memory, which would happen again. */
    public boolean ranOutOfMemory() {
        return problem == Problem.HEAP_FULL || problem == Problem.MEMORY_LIMIT;
    }

    /** Builds an instance; each method sets the component of that name. */
    public static final class Builder {
        private String name;
        private String uid;
        private String version = "";
        private String revision = "";
        private Map<String, String> aspects = Map.of();
        private Phase phase = Phase.RUNNING;
        private Problem problem = Problem.NONE;
        private String reason = "";
        private String message = "";
        private boolean ready;
        private Instant since;
        private final Instant created;
        private Optional<String> location = Optional.empty();
        private Disk disk = Disk.FINE;
        private Optional<StartPermit> permit = Optional.empty();
        private Optional<Long> moved = Optional.empty();

        private Builder(String name, String uid, Instant created) {
            this.name = name;
            this.uid = uid;
            this.since = created;
            this.created = created;
        }

        private Builder(Instance instance) {
            this(instance.name, instance.uid, instance.created);
            version = instance.version;
            revision = instance.revision;
            aspects = instance.aspects;
            phase = instance.phase;
            problem = instance.problem;
            reason = instance.reason;
            message = instance.message;
            ready = instance.ready;
            since = instance.since;
            location = instance.location;
            disk = instance.disk;
            permit = instance.permit;
            moved = instance.moved;
        }

        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder uid(String value) {
            uid = value;
            return this;
        }

        public Builder version(String value) {
            version = value;
            return this;
        }

        /** Sets the revision and its aspects. */
        public Builder revision(String id, Map<String, String> byName) {
            revision = id;
            aspects = byName;
            return this;
        }

        public Builder phase(Phase value) {
            phase = value;
            return this;
        }

        public Builder problem(Problem value) {
            problem = value;
            return this;
        }

        public Builder reason(String value) {
            reason = value;
            return this;
        }

        public Builder message(String value) {
            message = value;
            return this;
        }

        /** Sets whether it is ready, and the time since which it has been so. */
        public Builder ready(boolean value, Instant from) {
            ready = value;
            since = from;
            return this;
        }

        public Builder location(Optional<String> node) {
            location = node;
            return this;
        }

        public Builder disk(Disk value) {
            disk = value;
            return this;
        }

        public Builder permit(Optional<StartPermit> value) {
            permit = value;
            return this;
        }

        public Builder moved(Optional<Long> bytes) {
            moved = bytes;
            return this;
        }

        public Instance build() {
            return new Instance(
                    name, uid, version, revision, aspects, phase, problem, reason, message, ready, since, created,
                    location, disk, permit, moved);
        }
    }
}
