package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.simulation.model.Disk.Content;
import java.util.Optional;

/** The model of {@code start.sh}: a server without data of its own starts only with a start permit. */
final class ModelStartScript {
    private final ModelCluster cluster;

    ModelStartScript(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** The disk state for which the server does not start; empty if it starts. A pod uses its start permit once. */
    Optional<Instance.Disk> refuses(ModelMember member) {
        Disk disk = member.disk;
        if (member.hasUnusedPermit(StartPermit.JOIN)) {
            join(member);
            return Optional.empty();
        }
        if (disk.content == Content.FOREIGN) {
            return Optional.of(Instance.Disk.FOREIGN);
        }
        if (continuesJoin(member)) {
            disk.writeMembership(member.permittedMembership);
            return Optional.empty();
        }
        if (disk.content == Content.NOTHING && member.hasUnusedPermit(StartPermit.BOOTSTRAP)) {
            bootstrap(member);
            return Optional.empty();
        }
        if (disk.loadFailed) {
            return Optional.of(Instance.Disk.CORRUPT);
        }
        boolean starts = disk.content != Content.NOTHING && disk.isMember();
        member.permitUsed |= starts;
        return starts ? Optional.empty() : Optional.of(Instance.Disk.BLANK);
    }

    /** Whether the server continues a permitted join: it has not synced yet, or is not a member yet. */
    private static boolean continuesJoin(ModelMember member) {
        boolean isUnfinished = !member.disk.isMember() || member.disk.joining;
        return member.permitUsed && member.hasPermit(StartPermit.JOIN) && isUnfinished;
    }

    private void join(ModelMember member) {
        cluster.trace("member " + member.id + " sets its data aside and joins");
        member.permitUsed = true;
        member.disk.content = Content.NOTHING;
        member.disk.loadFailed = false;
        member.disk.joining = true;
        member.disk.zxid = 0;
        member.disk.writeMembership(member.permittedMembership);
    }

    private void bootstrap(ModelMember member) {
        cluster.trace("member " + member.id + " bootstraps with an empty database");
        member.permitUsed = true;
        cluster.log.startedWithEmptyDatabase(member);
        member.disk.content = Content.DATA;
        member.disk.zxid = 0;
        member.disk.writeMembership(member.permittedMembership);
    }
}
