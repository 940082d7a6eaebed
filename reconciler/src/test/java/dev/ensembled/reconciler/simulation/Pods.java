package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.simulation.Disk.Content;
import dev.ensembled.reconciler.simulation.Node.Mode;
import java.util.Optional;

/** The lives of pods: created by the controller when missing, started, probed, crashed, and ended. */
final class Pods {
    private static final long PROBE_MS = 400;
    private static final long KILL_MS = 100;
    private static final long WAITS_FOR_PERMIT_MS = 10_000;
    private static final long BACK_OFF_MS = 10_000;
    private final World world;
    private final StartScript script;

    Pods(World world) {
        this.world = world;
        this.script = new StartScript(world);
    }

    void startServing(Node node, Template template, Membership membership) {
        create(node, template);
        node.disk.content = Content.DATA;
        node.disk.learn(membership);
        node.disk.held = true;
        node.enter(Phase.RUNNING);
        node.podNext = Node.NEVER;
        node.become(Mode.SERVING, 0);
        node.setReady(true, 0);
        node.readySince = 0;
    }

    /** What the kubelet and the controller do with this pod now. */
    void live(Node node) {
        if (node.phase == Phase.UNKNOWN && world.now() >= node.lostUntil) {
            node.enter(Phase.RUNNING);
            world.api.changed();
        }
        if (node.drainUntil > world.now()) {
            drain(node);
        }
        if (world.now() >= node.serverNext) {
            startServer(node);
        }
        if (world.now() >= node.podNext) {
            goOn(node);
        }
    }

    private void goOn(Node node) {
        if (!node.exists) {
            recreate(node);
            return;
        }
        node.podNext = Node.NEVER;
        switch (node.phase) {
            case PENDING -> {
                node.disk.mount();
                start(node);
            }
            case CRASHED -> start(node);
            case TERMINATING -> ended(node);
            case RUNNING, UNKNOWN -> throw new IllegalStateException("nothing is due in " + node.phase);
        }
        world.api.changed();
    }

    private void recreate(Node node) {
        node.podNext = Node.NEVER;
        if (!world.api.knowsNoTemplate() && node.id <= world.api.replicas()) {
            create(node, world.api.templateOfController());
            world.api.changed();
        }
    }

    /** The controller has learned of a template, or of another number of places. */
    void createMissingAndEndSurplus(int replicas) {
        for (Node node : world.nodes) {
            if (node.id > replicas) {
                terminate(node);
            } else if (!node.exists && node.podNext == Node.NEVER) {
                node.podNext = world.now();
            }
        }
    }

    private void create(Node node, Template template) {
        node.lives++;
        node.exists = true;
        node.template = template;
        node.created = world.now();
        node.readySince = world.now();
        node.ready = false;
        node.refused = Instance.Disk.FINE;
        node.permit = Optional.empty();
        node.permitUsed = false;
        node.disk.claim(world.api.bytesOfSet());
        node.enter(Phase.PENDING);
        node.podNext = template.starts() ? world.now() + world.delay("start", node, 500, 2_000) : Node.NEVER;
        world.tell("pod of member " + node.id + " is created at " + template.id());
    }

    private void start(Node node) {
        node.enter(Phase.RUNNING);
        pass(node, WAITS_FOR_PERMIT_MS);
    }

    private void pass(Node node, long waits) {
        Optional<Instance.Disk> refusal = script.refuses(node);
        if (refusal.isEmpty()) {
            node.become(Mode.BOOTING, world.now());
            believe(node);
            node.serverNext = world.now() + world.delay("boot", node, 500, 2_500);
        } else if (waits > 0) {
            node.become(Mode.WAITING, world.now());
            node.serverNext = world.now() + waits;
        } else {
            refuse(node, refusal.get());
        }
    }

    /** What was said of its disk is over, but for what only the server itself can tell. */
    private static void believe(Node node) {
        if (node.refused != Instance.Disk.CORRUPT) {
            node.refused = Instance.Disk.FINE;
            node.touch();
        }
    }

    private void refuse(Node node, Instance.Disk why) {
        world.tell("member " + node.id + " does not start: its disk is " + why);
        node.refused = why;
        crash(node, BACK_OFF_MS);
    }

    private void startServer(Node node) {
        if (node.mode == Mode.WAITING) {
            pass(node, 0);
        } else if (node.mode == Mode.BOOTING) {
            booted(node);
        }
    }

    private void booted(Node node) {
        if (!node.template.stays()) {
            crash(node, BACK_OFF_MS);
        } else if (node.disk.content == Content.BROKEN) {
            node.disk.unreadable = true;
            refuse(node, Instance.Disk.CORRUPT);
        } else {
            node.become(Mode.LOOKING, world.now());
            node.refused = Instance.Disk.FINE;
            node.touch();
        }
        world.api.changed();
    }

    /** The pod is told that it may start without data of its own. */
    void permit(Node node, StartPermit how, Membership membership) {
        node.permit = Optional.of(how);
        node.permittedTo = how == StartPermit.BOOTSTRAP ? membership : membership.with(node.id, false);
        node.touch();
        if (node.mode == Mode.WAITING) {
            node.serverNext = world.now() + 200;
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

    /** Somebody else evicts it, as soon as the budgets let it go. */
    private void drain(Node node) {
        if (node.exists && node.phase == Phase.RUNNING && world.api.evict(node).isEmpty()) {
            world.tell("member " + node.id + " is evicted by a drain");
            node.drainUntil = 0;
            terminate(node);
        }
    }

    /** It is asked to go: it stops in a moment, and is gone a moment later; not while its node is gone. */
    void terminate(Node node) {
        if (!node.exists || node.phase == Phase.TERMINATING) {
            return;
        }
        node.enter(Phase.TERMINATING);
        node.setReady(false, world.now());
        node.podNext = Math.max(world.now() + KILL_MS, node.lostUntil);
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
        node.readyNext = Node.NEVER;
    }

    /** Readiness follows what the server says, a little later. */
    void probe(Node node) {
        boolean says = node.mode == Mode.SERVING && !node.frozen(world.now()) && !node.answers.failsProbe(world.now());
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
