package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.simulation.Node.Mode;

/** The lives of pods: created by the controller when missing, started, probed, crashed, and ended. */
final class Pods {
    private static final long PROBE_MS = 400;
    private static final long KILL_MS = 100;
    private final World world;

    Pods(World world) {
        this.world = world;
    }

    void startServing(Node node, Template template) {
        create(node, template);
        node.enter(Phase.RUNNING);
        node.podNext = Node.NEVER;
        node.become(Mode.SERVING, 0);
        node.setReady(true, 0);
        node.readySince = 0;
    }

    /** What the kubelet and the controller do with this pod now. */
    void live(Node node) {
        if (world.now() >= node.serverNext && node.mode == Mode.BOOTING) {
            booted(node);
        }
        if (world.now() < node.podNext) {
            return;
        }
        if (!node.exists) {
            recreate(node);
            return;
        }
        node.podNext = Node.NEVER;
        switch (node.phase) {
            case PENDING, CRASHED -> start(node);
            case TERMINATING -> ended(node);
            case RUNNING, UNKNOWN -> throw new IllegalStateException("nothing is due in " + node.phase);
        }
        world.api.changed();
    }

    private void recreate(Node node) {
        if (world.api.knowsNoTemplate()) {
            node.podNext = Node.NEVER;
            return;
        }
        create(node, world.api.templateOfController());
        world.api.changed();
    }

    /** The controller has learned of a template: it creates what is missing. */
    void createMissing() {
        world.nodes.stream()
                .filter(node -> !node.exists && node.podNext == Node.NEVER)
                .forEach(node -> node.podNext = world.now());
    }

    private void create(Node node, Template template) {
        node.lives++;
        node.exists = true;
        node.template = template;
        node.created = world.now();
        node.readySince = world.now();
        node.ready = false;
        node.enter(Phase.PENDING);
        node.podNext = template.starts() ? world.now() + world.delay("start", node, 500, 2_000) : Node.NEVER;
        world.tell("pod of member " + node.id + " is created at " + template.id());
    }

    private void start(Node node) {
        node.enter(Phase.RUNNING);
        node.become(Mode.BOOTING, world.now());
        node.serverNext = world.now() + world.delay("boot", node, 500, 2_500);
    }

    private void booted(Node node) {
        if (node.template.stays()) {
            node.become(Mode.LOOKING, world.now());
        } else {
            crash(node, 10_000);
        }
        world.api.changed();
    }

    /** Its process ends, and is started again after a while. */
    void crash(Node node, long backOff) {
        if (node.phase != Phase.RUNNING || !node.exists) {
            return;
        }
        stopServer(node);
        node.enter(Phase.CRASHED);
        node.setReady(false, world.now());
        node.podNext = world.now() + backOff;
        world.api.changed();
    }

    /** It is asked to go: it stops in a moment, and is gone a moment later. */
    void terminate(Node node) {
        if (!node.exists || node.phase == Phase.TERMINATING) {
            return;
        }
        node.enter(Phase.TERMINATING);
        node.setReady(false, world.now());
        node.podNext = world.now() + KILL_MS;
        world.api.changed();
    }

    private void ended(Node node) {
        if (node.mode != Mode.OFF) {
            stopServer(node);
            node.podNext = world.now() + world.delay("end", node, 100, 500);
            return;
        }
        if (node.frozen(world.now())) {
            node.frozenUntil = world.now();
        }
        node.exists = false;
        node.touch();
        node.podNext = world.now() + world.delay("recreate", node, 50, 400);
        world.tell("pod of member " + node.id + " is gone");
    }

    private void stopServer(Node node) {
        node.become(Mode.OFF, world.now());
        node.configNext = Node.NEVER;
        node.readyNext = Node.NEVER;
    }

    /** Readiness follows what the server says, a little later. */
    void probe(Node node) {
        boolean says = node.mode == Mode.SERVING && !node.frozen(world.now());
        if (node.phase != Phase.RUNNING || node.ready == says) {
            node.readyNext = Node.NEVER;
        } else if (node.readyNext == Node.NEVER) {
            node.readyNext = world.now() + PROBE_MS;
        } else if (world.now() >= node.readyNext) {
            node.readyNext = Node.NEVER;
            node.setReady(says, world.now());
            world.api.changed();
        }
    }
}
