package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.ReplicaCount;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the daemon's observation: objects and pods from an API snapshot, servers from their current responses. */
public final class ObservationBuilder {
    private static final long MOVED = 64L << 20;
    private final ModelCluster cluster;

    public ObservationBuilder(ModelCluster cluster) {
        this.cluster = cluster;
    }

    public Observed build(Desired desired, EnsembleStatus status, ApiSnapshot snapshot) {
        List<Member> members = members(desired, snapshot);
        int replicas = ReplicaCount.wanted(desired, members, status, snapshot.remains(), snapshot.volumes());
        return new Observed(
                snapshot.objects(ModelTemplate.of(desired.spec()), replicas, bytes(desired)),
                snapshot.target(),
                members,
                snapshot.budgets(),
                new Replicas(snapshot.replicas(), ""),
                snapshot.remains(),
                snapshot.volumes(),
                status);
    }

    private static long bytes(Desired desired) {
        String gibibytes = desired.spec().storage().size().replace("Gi", "");
        return Long.parseLong(gibibytes) * Disk.GIB;
    }

    private List<Member> members(Desired desired, ApiSnapshot snapshot) {
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= Math.max(desired.members().size(), snapshot.highest()); i++) {
            int id = i;
            members.add(
                    id <= cluster.members.size()
                            ? new Member(
                                    id,
                                    snapshot.instance(id).map(instance -> instance.toBuilder()
                                            .moved(moved(cluster.member(id)))
                                            .build()),
                                    server(cluster.member(id)),
                                    Optional.of(new HostPort("member", id)))
                            : new Member(id, Optional.empty(), new Server.Down("no instance"), Optional.empty()));
        }
        return members;
    }

    private Optional<Long> moved(ModelMember member) {
        return member.readable(cluster.now()) && cluster.learners.isTransferringSnapshot(member)
                ? Optional.of(MOVED)
                : Optional.empty();
    }

    Server server(ModelMember member) {
        if (!member.readable(cluster.now())) {
            return new Server.Unknown("no answer in time");
        }
        return switch (member.mode) {
            case OFF, WAITING, BOOTING -> new Server.Down("nothing listens");
            case LOOKING -> new Server.NotServing("looking");
            case SYNCING -> new Server.NotServing("syncing");
            case SERVING -> member.responses.misreport(cluster.now()).orElseGet(() -> serving(member));
        };
    }

    private Server serving(ModelMember member) {
        boolean counts =
                member.leads && !member.stale && member.responses.role(Role.LEADER, cluster.now()) == Role.LEADER;
        return new Server.Serving(
                member.responses.role(member.role(), cluster.now()),
                member.disk.zxid,
                member.activeMembership,
                counts ? inSync(member, true) : 0,
                counts ? inSync(member, false) : 0,
                counts ? learners(member) : 0,
                0,
                Instant.ofEpochMilli(member.modeSince),
                member.template.reportedVersion(),
                Map.of());
    }

    private int inSync(ModelMember leader, boolean voting) {
        int count = 0;
        for (ModelMember member : cluster.members) {
            boolean counted = voting
                    ? leader.activeMembership.voters().contains(member.id) && member.votes()
                    : member.role() == Role.OBSERVER;
            if (member != leader && counted && member.inSync(cluster.now())) {
                count++;
            }
        }
        return count;
    }

    private int learners(ModelMember leader) {
        int count = 0;
        for (ModelMember member : cluster.members) {
            if (member != leader && member.connected(cluster.now())) {
                count++;
            }
        }
        return count;
    }
}
