package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Volume;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The volume of one member. It outlives the pods that use it; the platform never deletes it. */
public final class Disk {
    static final Membership NO_MEMBERS = Membership.ofMajority(0, Set.of(), Set.of());
    public static final long GIB = 1L << 30;

    /** The data on the volume. */
    enum Content {
        NOTHING,
        DATA,
        FOREIGN,
        CORRUPT
    }

    final int id;
    boolean hasClaim;
    Content content = Content.NOTHING;
    public long zxid;
    /** The newest membership on the volume. */
    Membership membership = NO_MEMBERS;
    /** The data was set aside for a join, and the learner has not synced yet. */
    boolean joining;
    /** A server could not load the data. */
    boolean loadFailed;
    /** Whether acknowledged writes were ever counted on this volume. */
    boolean hasVoted;

    long requested;
    public long capacity;
    /** When the storage grows the volume. */
    long growsAt = ModelMember.NEVER;
    /** Since when the file system waits for the next mount to grow. */
    private Optional<Instant> needsRestartSince = Optional.empty();

    private String failure = "";

    public Disk(int id) {
        this.id = id;
    }

    boolean isMember() {
        return membership.has(id);
    }

    /** Whether a server that is a member can start from this data. */
    public boolean isUsable() {
        return content == Content.DATA && isMember();
    }

    void writeMembership(Membership newest) {
        membership = newest;
    }

    void claim(long bytes) {
        if (!hasClaim) {
            hasClaim = true;
            requested = bytes;
            capacity = bytes;
        }
    }

    /** Replaces the data on the volume by this. */
    void replaceContent(Content replacement) {
        content = replacement;
        loadFailed = false;
        joining = false;
        if (replacement == Content.NOTHING) {
            membership = NO_MEMBERS;
            zxid = 0;
        }
    }

    /** As in the API server: a request may shrink only while it stays above the capacity. */
    public void request(long bytes, long growsFrom) {
        if (bytes > requested || bytes > capacity) {
            requested = bytes;
            growsAt = growsFrom;
        }
    }

    void failToGrow() {
        growsAt = ModelMember.NEVER;
        failure = "ControllerResizeError (no space left)";
    }

    public boolean failsToGrow() {
        return !failure.isEmpty() && capacity < requested;
    }

    /** The storage has grown the volume; the file system follows at once, or at the next mount. */
    void grow(boolean whileMounted, long now) {
        growsAt = ModelMember.NEVER;
        if (whileMounted) {
            capacity = requested;
        } else {
            needsRestartSince = Optional.of(Instant.ofEpochMilli(now));
        }
    }

    /** Mounts the volume for a new pod, which grows the file system. */
    void mount() {
        if (!failure.isEmpty()) {
            return;
        }
        growsAt = ModelMember.NEVER;
        capacity = requested;
        needsRestartSince = Optional.empty();
    }

    public Volume volume() {
        return new Volume("data-kafka-" + (id - 1), "data", id, requested, capacity, needsRestartSince, failure);
    }
}
