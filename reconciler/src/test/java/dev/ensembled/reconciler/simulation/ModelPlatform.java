package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.Node.Mode;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The platform of the model world, as the daemon meets it; every step is shown to the oracle before it is taken. */
final class ModelPlatform implements Platform, SanityTest {
    private final World world;
    private final Calls calls;
    private final Oracle oracle;
    private final Mutation mutation;
    private final Set<Integer> voters;
    private final Set<Integer> observers;

    ModelPlatform(World world, Calls calls, Oracle oracle, Mutation mutation) {
        this.world = world;
        this.calls = calls;
        this.oracle = oracle;
        this.mutation = mutation;
        this.voters = ids(world, true);
        this.observers = ids(world, false);
    }

    private static Set<Integer> ids(World world, boolean voting) {
        return world.nodes.stream()
                .filter(node -> node.voter == voting)
                .map(node -> node.id)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, Look wanted) {
        Look look = mutation.look(wanted);
        return calls.call(() -> {
            oracle.looked(look);
            Api.Snapshot seen = look == Look.FRESH ? world.api.fresh() : world.api.asOf(world.now() - calls.cacheLag());
            List<Member> members = new ArrayList<>();
            for (int id = 1; id <= Math.max(desired.members().size(), world.nodes.size()); id++) {
                members.add(id <= world.nodes.size() ? member(id, seen) : nobody(id));
            }
            return new Observed(
                    seen.objects(Template.of(desired.spec())),
                    seen.target(),
                    members,
                    seen.budgets(),
                    0,
                    true,
                    List.of(),
                    status);
        });
    }

    private Member member(int id, Api.Snapshot seen) {
        Node node = world.node(id);
        Optional<Instance> instance = seen.instances().get(id - 1);
        Optional<HostPort> address = Optional.of(new HostPort("member", id));
        return new Member(id, instance, server(node), address);
    }

    private static Member nobody(int id) {
        return new Member(id, Optional.empty(), new Server.Down("no instance"), Optional.empty());
    }

    private Server server(Node node) {
        if (!node.readable(world.now())) {
            return new Server.Unknown("no answer in time");
        }
        return switch (node.mode) {
            case OFF, BOOTING -> new Server.Down("nothing listens");
            case LOOKING -> new Server.NotServing("looking");
            case SYNCING -> new Server.NotServing("syncing");
            case SERVING -> serving(node);
        };
    }

    private Server serving(Node node) {
        Role role = node.leads ? Role.LEADER : node.voter ? Role.FOLLOWER : Role.OBSERVER;
        boolean counts = node.leads && !node.stale;
        return new Server.Serving(
                role,
                node.zxid,
                Membership.ofMajority(node.configVersion, voters, observers),
                counts ? inSync(node, true) : 0,
                counts ? inSync(node, false) : 0,
                0,
                0,
                Instant.ofEpochMilli(node.modeSince),
                "3.9.5",
                Map.of());
    }

    private int inSync(Node leader, boolean voting) {
        int count = 0;
        for (Node node : world.nodes) {
            if (node != leader && node.voter == voting && node.mode == Mode.SERVING && node.connected(world.now())) {
                count++;
            }
        }
        return count;
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        return calls.act(() -> {
            if (calls.conflict()) {
                return new Outcome.Overtaken("conflict");
            }
            if (step instanceof Step.Apply) {
                world.api.applied(Template.of(desired.spec()));
                return new Outcome.Taken();
            } else if (step instanceof Step.Restart restart) {
                return restart(restart);
            }
            return replace((Step.Replace) step);
        });
    }

    private Outcome restart(Step.Restart step) {
        Node node = world.node(step.member());
        oracle.beforeRestart(node);
        if (!node.exists || !node.uid().equals(step.instance().uid())) {
            return new Outcome.Overtaken("another pod");
        }
        Optional<String> refusal = world.api.evict();
        if (refusal.isPresent()) {
            return new Outcome.Blocked("budget", refusal.get());
        }
        end(node, "evicts");
        return new Outcome.Taken();
    }

    private Outcome replace(Step.Replace step) {
        Node node = world.node(step.member());
        oracle.beforeReplace(node);
        boolean same = node.exists
                && node.uid().equals(step.instance().uid())
                && String.valueOf(node.version).equals(step.instance().version());
        if (!same) {
            return new Outcome.Overtaken("another pod, or another state of it");
        }
        end(node, "replaces");
        return new Outcome.Taken();
    }

    private void end(Node node, String how) {
        world.tell("ensembled " + how + " member " + node.id + " at " + node.template.id());
        oracle.ended(node);
        world.pods.terminate(node);
        world.settle();
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        return calls.call(() -> {
            boolean works = world.peers.leader().isPresent()
                    && world.node(writer.port()).connected(world.now())
                    && world.node(writer.port()).serves(world.now())
                    && world.node(reader.port()).connected(world.now())
                    && world.node(reader.port()).serves(world.now());
            if (works) {
                oracle.provenByAWrite();
                return new Outcome.Taken();
            }
            return new Outcome.Blocked("sanity-test", "no answer");
        });
    }
}
