package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import java.time.Instant;
import java.util.Optional;

/** One place of the ensemble: its pod as the API tells it, and the server in it as it is in truth. Times are in ms. */
final class Node {
    static final long NEVER = Long.MAX_VALUE;

    /** How far the server is. */
    enum Mode {
        OFF,
        BOOTING,
        LOOKING,
        SYNCING,
        SERVING
    }

    final int id;
    final boolean voter;

    boolean exists;
    int lives;
    Template template = new Template("", "", "");
    Phase phase = Phase.PENDING;
    boolean ready;
    long readySince;
    long created;
    int version;
    long podNext = NEVER;
    long readyNext = NEVER;

    Mode mode = Mode.OFF;
    boolean leads;
    /** It still says that it serves, and its peers have gone on without it. */
    boolean stale;

    long modeSince;
    long serverNext = NEVER;
    long frozenUntil;
    long unreadableUntil;
    long partitionedUntil;
    long zxid;
    long configVersion = 1;
    long configNext = NEVER;

    private Optional<Instance> rendered = Optional.empty();

    Node(int id, boolean voter) {
        this.id = id;
        this.voter = voter;
    }

    String uid() {
        return "pod-" + id + "." + lives;
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

    boolean electable(long now) {
        return mode == Mode.LOOKING && template.findsPeers() && !frozen(now) && !partitioned(now);
    }

    void become(Mode next, long now) {
        mode = next;
        modeSince = now;
        leads = false;
        stale = false;
        serverNext = NEVER;
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
        long next = later(podNext, now, later(readyNext, now, later(serverNext, now, later(configNext, now, NEVER))));
        return later(frozenUntil, now, later(unreadableUntil, now, later(partitionedUntil, now, next)));
    }

    private static long later(long time, long now, long next) {
        return time > now ? Math.min(time, next) : next;
    }

    Optional<Instance> instance() {
        if (exists && rendered.isEmpty()) {
            rendered = Optional.of(new Instance(
                    "kafka-" + (id - 1),
                    uid(),
                    String.valueOf(version),
                    template.id(),
                    template.aspects(),
                    phase,
                    phase == Phase.RUNNING ? "" : phase.name(),
                    "",
                    ready,
                    Instant.ofEpochMilli(readySince),
                    Instant.ofEpochMilli(created),
                    Optional.empty(),
                    Instance.Disk.FINE,
                    Optional.empty()));
        }
        return exists ? rendered : Optional.empty();
    }
}
