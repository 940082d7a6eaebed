package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.SetClock;
import dev.ensembled.reconciler.observed.Membership;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The model world: its clock, and everything in it that moves by itself. Deterministic; one thread. */
final class World {
    /** Every place that ever had a pod, from member 1 on. */
    final List<Node> nodes = new ArrayList<>();

    final Peers peers;
    final Outages outages;
    final Memberships memberships;
    final Pods pods;
    final Api api;
    private final long seed;
    private final List<String> story = new ArrayList<>();
    private final boolean telling;
    private long now;
    private boolean storageIsFull;

    World(History history, boolean telling) {
        this.seed = history.seed();
        this.telling = telling;
        this.peers = new Peers(this);
        this.outages = new Outages(this);
        this.memberships = new Memberships(this);
        this.api = new Api(this);
        this.pods = new Pods(this);
    }

    long now() {
        return now;
    }

    Node node(int id) {
        return nodes.get(id - 1);
    }

    /** There are places up to this one. */
    void reach(int places) {
        while (nodes.size() < places) {
            nodes.add(new Node(nodes.size() + 1));
        }
    }

    /** Everything serves already, at this template. */
    void startWhole(Template template, Membership membership, long bytes) {
        api.startWhole(template, membership.highest(), bytes);
        for (Node node : nodes) {
            pods.startServing(node, template, membership);
        }
        int leader = 1 + (int) Math.floorMod(seed, (long) membership.voters().size());
        peers.startServing(membership, node(leader));
        now = 1;
        settle();
    }

    /** Lets time pass, with all that happens meanwhile. */
    void advanceTo(long time) {
        for (long next = next(); next <= time; next = next()) {
            pass(next);
            settle();
        }
        pass(time);
    }

    /** When something happens next by itself. */
    long next() {
        long next = Math.min(peers.next(), api.next());
        for (Node node : nodes) {
            next = Math.min(next, node.next(now));
        }
        return next;
    }

    private void pass(long time) {
        if (time > now) {
            peers.write(time - now);
            now = time;
        }
    }

    /** Lets everything happen that is due, in a fixed order. */
    void settle() {
        api.control();
        nodes.forEach(this::growDisk);
        nodes.forEach(pods::live);
        peers.live();
        nodes.forEach(pods::probe);
        api.publish();
    }

    private void growDisk(Node node) {
        if (now >= node.disk.growsAt) {
            if (storageIsFull) {
                node.disk.failToGrow();
            } else {
                node.disk.grow(growsWhileMounted(), now);
            }
            api.changed();
        }
    }

    /** From now on no volume grows. */
    void fillStorage() {
        storageIsFull = true;
    }

    /** In some worlds file systems do not grow under a running server. */
    private boolean growsWhileMounted() {
        return Math.floorMod(seed, 2L) == 0;
    }

    /** A duration that depends on nothing but the seed, what it is of, and the life of the pod. */
    long delay(String what, Node node, long least, long most) {
        long mixed = seed * 31 + what.hashCode();
        return least + new SplittableRandom(mixed * 31 + node.id * 1009L + node.lives).nextLong(most - least + 1);
    }

    void tell(String happened) {
        if (telling) {
            story.add("%9.3f s  %s".formatted(now / 1000.0, happened));
        }
    }

    boolean telling() {
        return telling;
    }

    List<String> story() {
        return story;
    }

    Clock clock() {
        return new SetClock(() -> Instant.ofEpochMilli(now));
    }
}
