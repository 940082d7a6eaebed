package dev.ensembled.reconciler.simulation;

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

/** What a look tells: objects and pods as the API has them, servers as they answer now. */
final class Looks {
    private static final long MOVED = 64L << 20;
    private final World world;

    Looks(World world) {
        this.world = world;
    }

    Observed look(Desired desired, EnsembleStatus status, Seen seen) {
        List<Member> members = members(desired, seen);
        int places = ReplicaCount.wanted(desired, members, status, seen.remains(), seen.volumes());
        return new Observed(
                seen.objects(Template.of(desired.spec()), places, bytes(desired)),
                seen.target(),
                members,
                seen.budgets(),
                new Replicas(seen.replicas(), ""),
                seen.remains(),
                seen.volumes(),
                status);
    }

    private static long bytes(Desired desired) {
        String gibibytes = desired.spec().storage().size().replace("Gi", "");
        return Long.parseLong(gibibytes) * Disk.GIB;
    }

    private List<Member> members(Desired desired, Seen seen) {
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= Math.max(desired.members().size(), seen.highest()); i++) {
            int id = i;
            members.add(
                    id <= world.nodes.size()
                            ? new Member(
                                    id,
                                    seen.instance(id).map(instance -> instance.toBuilder()
                                            .moved(moved(world.node(id)))
                                            .build()),
                                    server(world.node(id)),
                                    Optional.of(new HostPort("member", id)))
                            : new Member(id, Optional.empty(), new Server.Down("no instance"), Optional.empty()));
        }
        return members;
    }

    private Optional<Long> moved(Node node) {
        return node.readable(world.now()) && world.peers.fetchesAll(node) ? Optional.of(MOVED) : Optional.empty();
    }

    private Server server(Node node) {
        if (!node.readable(world.now())) {
            return new Server.Unknown("no answer in time");
        }
        return switch (node.mode) {
            case OFF, WAITING, BOOTING -> new Server.Down("nothing listens");
            case LOOKING -> new Server.NotServing("looking");
            case SYNCING -> new Server.NotServing("syncing");
            case SERVING -> node.answers.denial(world.now()).orElseGet(() -> serving(node));
        };
    }

    private Server serving(Node node) {
        boolean counts = node.leads && !node.stale && node.answers.role(Role.LEADER, world.now()) == Role.LEADER;
        return new Server.Serving(
                node.answers.role(node.role(), world.now()),
                node.disk.zxid,
                node.told,
                counts ? inSync(node, true) : 0,
                counts ? inSync(node, false) : 0,
                counts ? learners(node) : 0,
                0,
                Instant.ofEpochMilli(node.modeSince),
                node.template.runs(),
                Map.of());
    }

    private int inSync(Node leader, boolean voting) {
        int count = 0;
        for (Node node : world.nodes) {
            boolean counted = voting ? leader.told.voters().contains(node.id) : node.role() == Role.OBSERVER;
            if (node != leader && counted && node.inSync(world.now())) {
                count++;
            }
        }
        return count;
    }

    private int learners(Node leader) {
        int count = 0;
        for (Node node : world.nodes) {
            if (node != leader && node.connected(world.now())) {
                count++;
            }
        }
        return count;
    }
}
