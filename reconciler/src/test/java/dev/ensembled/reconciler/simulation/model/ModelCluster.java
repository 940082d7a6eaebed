package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.SetClock;
import dev.ensembled.reconciler.observed.Membership;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The model: a clock, members, peers, pods and API server, as a discrete-event simulation. Deterministic; one thread. */
public final class ModelCluster {
    /** Every member that ever had a pod, by id from 1. */
    public final List<ModelMember> members = new ArrayList<>();

    public final CommitLog log;
    public final QuorumPeers peers;
    public final LearnerSync learners;
    final FailureDetection failureDetection;
    public final ModelReconfigurer reconfigurer;
    public final PodLifecycle pods;
    public final ApiServer api;
    private final long seed;
    private final List<String> events = new ArrayList<>();
    private final boolean tracing;
    private long now;
    private boolean storageIsFull;

    public ModelCluster(long seed, boolean tracing) {
        this.seed = seed;
        this.tracing = tracing;
        this.log = new CommitLog(this);
        this.peers = new QuorumPeers(this);
        this.learners = new LearnerSync(this);
        this.failureDetection = new FailureDetection(this);
        this.reconfigurer = new ModelReconfigurer(this);
        this.api = new ApiServer(this);
        this.pods = new PodLifecycle(this);
    }

    public long now() {
        return now;
    }

    public ModelMember member(int id) {
        return members.get(id - 1);
    }

    /** Adds members up to this id. */
    void ensureMembers(int replicas) {
        while (members.size() < replicas) {
            members.add(new ModelMember(members.size() + 1));
        }
    }

    /** Starts with all members healthy at this template. */
    public void startHealthy(ModelTemplate template, Membership membership, long bytes) {
        api.startHealthy(template, membership.highest(), bytes);
        for (ModelMember member : members) {
            pods.startServing(member, template, membership);
        }
        int leader = 1 + (int) Math.floorMod(seed, (long) membership.voters().size());
        log.start(membership);
        peers.startServing(member(leader));
        now = 1;
        runDueActions();
    }

    /** Advances the clock, and runs everything that is due until then. */
    public void advanceTo(long time) {
        for (long next = nextActionAt(); next <= time; next = nextActionAt()) {
            advanceClock(next);
            runDueActions();
        }
        advanceClock(time);
    }

    /** When the next action of the model is due. */
    public long nextActionAt() {
        long next = Math.min(peers.nextActionAt(), api.nextActionAt());
        for (ModelMember member : members) {
            next = Math.min(next, member.nextActionAt(now));
        }
        return next;
    }

    private void advanceClock(long time) {
        if (time > now) {
            peers.write(time - now);
            now = time;
        }
    }

    /** Runs everything that is due, in a fixed order. */
    public void runDueActions() {
        api.runControllers();
        members.forEach(this::growDisk);
        members.forEach(pods::runActions);
        peers.runActions();
        members.forEach(pods::probe);
        api.publish();
    }

    private void growDisk(ModelMember member) {
        if (now >= member.disk.growsAt) {
            if (storageIsFull) {
                member.disk.failToGrow();
            } else {
                member.disk.grow(growsWhileMounted(), now);
            }
            api.changed();
        }
    }

    /** From now on, no volume can grow. */
    void fillStorage() {
        storageIsFull = true;
    }

    /** With every second seed, file systems grow only at the next mount. */
    private boolean growsWhileMounted() {
        return Math.floorMod(seed, 2L) == 0;
    }

    /** A duration that depends only on the seed, its purpose, the member and the incarnation of its pod. */
    long delay(String purpose, ModelMember member, long least, long most) {
        long mixed = seed * 31 + purpose.hashCode();
        return least
                + new SplittableRandom(mixed * 31 + member.id * 1009L + member.incarnation).nextLong(most - least + 1);
    }

    public void trace(String message) {
        if (tracing) {
            events.add("%9.3f s  %s".formatted(now / 1000.0, message));
        }
    }

    public boolean tracing() {
        return tracing;
    }

    public List<String> trace() {
        return events;
    }

    public Clock clock() {
        return new SetClock(() -> Instant.ofEpochMilli(now));
    }
}
