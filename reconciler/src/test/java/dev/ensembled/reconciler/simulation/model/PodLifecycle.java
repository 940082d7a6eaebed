package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.simulation.model.Disk.Content;
import dev.ensembled.reconciler.simulation.model.ModelMember.Mode;
import java.util.Optional;

/** The lifecycle of pods: created by the controller, started, probed, crashed and terminated. */
public final class PodLifecycle {
    private static final long PROBE_MS = 400;
    private static final long KILL_MS = 100;
    private static final long PERMIT_WAIT_MS = 10_000;
    private static final long BACK_OFF_MS = 10_000;
    private final ModelCluster cluster;
    private final ModelStartScript script;

    PodLifecycle(ModelCluster cluster) {
        this.cluster = cluster;
        this.script = new ModelStartScript(cluster);
    }

    void startServing(ModelMember member, ModelTemplate template, Membership membership) {
        create(member, template);
        member.disk.content = Content.DATA;
        member.disk.writeMembership(membership);
        member.disk.hasVoted = true;
        member.setPhase(Phase.RUNNING);
        member.podActionAt = ModelMember.NEVER;
        member.setMode(Mode.SERVING, 0);
        member.setReady(true, 0);
        member.readySince = 0;
    }

    /** Runs what kubelet and controller do with this pod now. */
    void runActions(ModelMember member) {
        if (member.phase == Phase.UNKNOWN && cluster.now() >= member.nodeDownUntil) {
            member.setPhase(Phase.RUNNING);
            cluster.api.changed();
        }
        if (member.drainUntil > cluster.now()) {
            drain(member);
        }
        if (cluster.now() >= member.serverActionAt) {
            startServer(member);
        }
        if (cluster.now() >= member.podActionAt) {
            runPodAction(member);
        }
    }

    private void runPodAction(ModelMember member) {
        if (!member.exists) {
            recreate(member);
            return;
        }
        member.podActionAt = ModelMember.NEVER;
        switch (member.phase) {
            case PENDING -> {
                member.disk.mount();
                start(member);
            }
            case CRASHED -> start(member);
            case TERMINATING -> terminated(member);
            case RUNNING, UNKNOWN -> throw new IllegalStateException("no action is due in phase " + member.phase);
        }
        cluster.api.changed();
    }

    private void recreate(ModelMember member) {
        member.podActionAt = ModelMember.NEVER;
        if (!cluster.api.hasNoTemplate() && member.id <= cluster.api.replicas()) {
            create(member, cluster.api.templateOfController());
            cluster.api.changed();
        }
    }

    /** The controller has seen another template, or another number of replicas. */
    void reconcilePods(int replicas) {
        for (ModelMember member : cluster.members) {
            if (member.id > replicas) {
                terminate(member);
            } else if (!member.exists && member.podActionAt == ModelMember.NEVER) {
                member.podActionAt = cluster.now();
            }
        }
    }

    private void create(ModelMember member, ModelTemplate template) {
        member.incarnation++;
        member.exists = true;
        member.template = template;
        member.createdAt = cluster.now();
        member.readySince = cluster.now();
        member.ready = false;
        member.reportedDisk = Instance.Disk.FINE;
        member.permit = Optional.empty();
        member.permitUsed = false;
        member.disk.claim(cluster.api.claimTemplateBytes());
        member.setPhase(Phase.PENDING);
        member.podActionAt =
                template.canStart() ? cluster.now() + cluster.delay("start", member, 500, 2_000) : ModelMember.NEVER;
        cluster.trace("pod of member " + member.id + " is created at " + template.id());
    }

    private void start(ModelMember member) {
        member.setPhase(Phase.RUNNING);
        runStartScript(member, PERMIT_WAIT_MS);
    }

    private void runStartScript(ModelMember member, long permitWait) {
        Optional<Instance.Disk> refusal = script.refuses(member);
        if (refusal.isEmpty()) {
            member.setMode(Mode.BOOTING, cluster.now());
            clearReportedDisk(member);
            member.serverActionAt = cluster.now() + cluster.delay("boot", member, 500, 2_500);
        } else if (permitWait > 0) {
            member.setMode(Mode.WAITING, cluster.now());
            member.serverActionAt = cluster.now() + permitWait;
        } else {
            refuse(member, refusal.get());
        }
    }

    /** The reported disk state no longer holds, except a corruption, which only the server itself can disprove. */
    private static void clearReportedDisk(ModelMember member) {
        if (member.reportedDisk != Instance.Disk.CORRUPT) {
            member.reportedDisk = Instance.Disk.FINE;
            member.bumpResourceVersion();
        }
    }

    private void refuse(ModelMember member, Instance.Disk why) {
        cluster.trace("member " + member.id + " does not start: its disk is " + why);
        member.reportedDisk = why;
        crash(member, BACK_OFF_MS);
    }

    private void startServer(ModelMember member) {
        if (member.mode == Mode.WAITING) {
            runStartScript(member, 0);
        } else if (member.mode == Mode.BOOTING) {
            booted(member);
        }
    }

    private void booted(ModelMember member) {
        if (!member.template.keepsRunning()) {
            crash(member, BACK_OFF_MS);
        } else if (member.disk.content == Content.CORRUPT) {
            member.disk.loadFailed = true;
            refuse(member, Instance.Disk.CORRUPT);
        } else {
            member.setMode(Mode.LOOKING, cluster.now());
            member.reportedDisk = Instance.Disk.FINE;
            member.bumpResourceVersion();
        }
        cluster.api.changed();
    }

    /** Gives the pod a start permit. */
    public void permit(ModelMember member, StartPermit how, Membership membership) {
        member.permit = Optional.of(how);
        member.permittedMembership = how == StartPermit.BOOTSTRAP ? membership : membership.with(member.id, false);
        member.bumpResourceVersion();
        if (member.mode == Mode.WAITING) {
            member.serverActionAt = cluster.now() + 200;
        }
        cluster.api.changed();
    }

    /** The process ends; the kubelet starts it again after the back-off. */
    void crash(ModelMember member, long backOff) {
        if (member.phase != Phase.RUNNING || !member.exists) {
            return;
        }
        stopServer(member);
        member.setPhase(Phase.CRASHED);
        member.setReady(false, cluster.now());
        member.podActionAt = cluster.now() + backOff;
        cluster.api.changed();
    }

    /** A drain evicts the pod as soon as the budgets allow it. */
    private void drain(ModelMember member) {
        if (member.exists
                && member.phase == Phase.RUNNING
                && cluster.api.evict(member).isEmpty()) {
            cluster.trace("member " + member.id + " is evicted by a drain");
            member.drainUntil = 0;
            terminate(member);
        }
    }

    /** Terminates the pod: the server stops and the pod is deleted, with delays, and not while its node is down. */
    public void terminate(ModelMember member) {
        if (!member.exists || member.phase == Phase.TERMINATING) {
            return;
        }
        member.setPhase(Phase.TERMINATING);
        member.setReady(false, cluster.now());
        member.podActionAt = Math.max(cluster.now() + KILL_MS, member.nodeDownUntil);
        cluster.api.changed();
    }

    private void terminated(ModelMember member) {
        if (member.mode != Mode.OFF) {
            stopServer(member);
            member.podActionAt = cluster.now() + cluster.delay("end", member, 100, 500);
            return;
        }
        if (member.frozen(cluster.now())) {
            member.frozenUntil = cluster.now();
        }
        member.exists = false;
        member.bumpResourceVersion();
        member.podActionAt = cluster.now() + cluster.delay("recreate", member, 50, 400);
        cluster.trace("pod of member " + member.id + " is deleted");
    }

    private void stopServer(ModelMember member) {
        member.setMode(Mode.OFF, cluster.now());
        member.probeActionAt = ModelMember.NEVER;
    }

    /** Readiness follows the server's report with a delay. */
    void probe(ModelMember member) {
        boolean reportsServing = member.mode == Mode.SERVING
                && !member.frozen(cluster.now())
                && !member.responses.failsProbe(cluster.now());
        if (member.phase != Phase.RUNNING || member.ready == reportsServing) {
            member.probeActionAt = ModelMember.NEVER;
        } else if (member.probeActionAt == ModelMember.NEVER) {
            member.probeActionAt = cluster.now() + PROBE_MS;
        } else if (cluster.now() >= member.probeActionAt) {
            member.probeActionAt = ModelMember.NEVER;
            member.setReady(reportsServing, cluster.now());
            cluster.api.changed();
        }
    }
}
