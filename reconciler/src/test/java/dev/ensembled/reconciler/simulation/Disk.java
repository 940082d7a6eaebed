package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Volume;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The volume of one place. It outlives the pods that use it, and is never deleted by the platform. */
final class Disk {
    static final Membership NOBODY = Membership.ofMajority(0, Set.of(), Set.of());
    static final long GIB = 1L << 30;

    /** What is on it. */
    enum Content {
        NOTHING,
        DATA,
        OF_ANOTHER,
        BROKEN
    }

    final int id;
    boolean claimed;
    Content content = Content.NOTHING;
    long zxid;
    /** The newest membership that was written to it. */
    Membership known = NOBODY;
    /** It was put aside for a learner that has not learned yet. */
    boolean learning;
    /** A server has tried to read it in vain. */
    boolean unreadable;
    /** Whether a vote with this data was ever counted on. */
    boolean held;

    long requested;
    long capacity;
    /** When it grows, or needs another mount for that. */
    long growsAt = Node.NEVER;
    /** Since when its file system waits for another mount. */
    private Optional<Instant> needsRestartSince = Optional.empty();

    private String failure = "";

    Disk(int id) {
        this.id = id;
    }

    boolean listsItself() {
        return known.has(id);
    }

    /** Whether a server in the membership can go on with it. */
    boolean isUsable() {
        return content == Content.DATA && listsItself();
    }

    void learn(Membership membership) {
        known = membership;
    }

    void claim(long bytes) {
        if (!claimed) {
            claimed = true;
            requested = bytes;
            capacity = bytes;
        }
    }

    /** Somebody destroys what is on it. */
    void lose(Content left) {
        content = left;
        unreadable = false;
        learning = false;
        if (left == Content.NOTHING) {
            known = NOBODY;
            zxid = 0;
        }
    }

    /** As the API server has it: a request is taken back only as long as the volume still has to grow for the new one. */
    void request(long bytes, long growing) {
        if (bytes > requested || bytes > capacity) {
            requested = bytes;
            growsAt = growing;
        }
    }

    void failToGrow() {
        growsAt = Node.NEVER;
        failure = "ControllerResizeError (no space left)";
    }

    boolean failsToGrow() {
        return !failure.isEmpty() && capacity < requested;
    }

    /** The storage has done its part. */
    void grow(boolean whileMounted, long now) {
        growsAt = Node.NEVER;
        if (whileMounted) {
            capacity = requested;
        } else {
            needsRestartSince = Optional.of(Instant.ofEpochMilli(now));
        }
    }

    /** A new pod gets it, which lets the file system grow that did not grow before. */
    void mount() {
        if (!failure.isEmpty()) {
            return;
        }
        growsAt = Node.NEVER;
        capacity = requested;
        needsRestartSince = Optional.empty();
    }

    Volume volume() {
        return new Volume("data-kafka-" + (id - 1), "data", id, requested, capacity, needsRestartSince, failure);
    }
}
