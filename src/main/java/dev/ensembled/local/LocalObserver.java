package dev.ensembled.local;

import dev.ensembled.local.process.Ports;
import dev.ensembled.local.process.ProcessRecord;
import dev.ensembled.local.process.ServerConfiguration;
import dev.ensembled.local.process.ServerSlot;
import dev.ensembled.local.process.SlotState;
import dev.ensembled.local.process.Supervisor;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.ReplicaCount;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.zookeeper.ServerProbe;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Observes the processes of one ensemble and queries their servers; it changes nothing. Thread-safe. */
final class LocalObserver {
    private final Supervisor supervisor;
    private final ServerProbe probe;
    private final Clock clock;
    private final ReadyTransitions readySince = new ReadyTransitions();

    LocalObserver(Supervisor supervisor, ServerProbe probe, Clock clock) {
        this.supervisor = supervisor;
        this.probe = probe;
        this.clock = clock;
    }

    /**
     * Observes the ensemble once.
     *
     * @param applied what was applied last
     * @param wanted what the spec asks for now
     * @param withData the ids of the servers that may have data
     */
    Observed observe(
            Desired desired,
            Optional<AppliedConfiguration> applied,
            ServerConfiguration wanted,
            SortedSet<Integer> withData,
            EnsembleStatus status) {
        SortedMap<Integer, ServerSlot> slots = supervisor.slots(desired.id());
        // Read before the servers are queried: the answer of a later process must not be attributed to an earlier
        // process.
        Map<Integer, SlotState> views = new HashMap<>();
        slots.forEach((id, slot) -> views.put(id, slot.view()));
        Map<Integer, Server> servers = servers(slots, views);
        Set<Integer> ids = new TreeSet<>(slots.keySet());
        desired.members().forEach(slot -> ids.add(slot.id()));
        List<Member> members = ids.stream()
                .map(id -> member(desired.id(), id, slots.get(id), views.get(id), servers.get(id)))
                .toList();
        List<Volume> volumes = withData.stream().map(id -> volume(desired, id)).toList();
        int replicas = ReplicaCount.wanted(desired, members, status, !withData.isEmpty(), volumes);
        ObjectState configuration = configuration(desired.id(), applied, wanted, replicas);
        return new Observed(
                List.of(configuration),
                configuration.state() == State.CURRENT
                        ? Optional.of(new Revision(wanted.revision(), wanted.aspects()))
                        : Optional.empty(),
                members,
                List.of(budget(desired, slots.keySet(), members)),
                new Replicas(slots.size(), ""),
                !withData.isEmpty(),
                volumes,
                status);
    }

    /** A directory has no size limit, so its size is reported as the size in the spec. */
    private static Volume volume(Desired desired, int member) {
        long bytes = Quantity.getAmountInBytes(
                        Quantity.parse(desired.spec().storage().size()))
                .longValue();
        String directory = desired.id() + "/" + member;
        return Volume.of(directory, "data", member, bytes, bytes);
    }

    private Map<Integer, Server> servers(Map<Integer, ServerSlot> slots, Map<Integer, SlotState> views) {
        Map<Integer, HostPort> running = new HashMap<>();
        slots.forEach((id, slot) -> {
            if (views.get(id).running()) {
                running.put(id, address(slot));
            }
        });
        return probe.askAll(running);
    }

    private static HostPort address(ServerSlot slot) {
        return new HostPort(Ports.LOOPBACK, slot.ports().client());
    }

    private Member member(EnsembleId ensemble, int id, ServerSlot slot, SlotState view, Server answer) {
        if (slot == null || view.record().isEmpty()) {
            return new Member(
                    id,
                    Optional.empty(),
                    new Server.Down("process not started"),
                    Optional.ofNullable(slot).map(LocalObserver::address));
        }
        Server server = answer == null ? new Server.Down("process not running: " + view.message()) : answer;
        return new Member(id, Optional.of(instance(ensemble, id, view, server)), server, Optional.of(address(slot)));
    }

    private Instance instance(EnsembleId ensemble, int id, SlotState view, Server server) {
        ProcessRecord life = view.record().orElseThrow();
        String slot = ensemble + "/" + id;
        Instant since = readySince.of(slot, life, server, clock.instant());
        // The reason why the previous process ended no longer applies when this process has served.
        boolean hasServed = view.running() && readySince.hasServed(slot, life);
        return Instance.builder(ensemble.name() + "-" + (id - 1), life.uid(), life.created())
                .revision(life.revision(), life.aspects())
                .phase(view.phase())
                .problem(hasServed ? Problem.NONE : view.problem())
                .reason(hasServed ? "" : view.reason())
                .message(view.message())
                .ready(server.isServing(), since)
                // A server that answers has read its data.
                .disk(server.isDown() ? view.disk() : Instance.Disk.FINE)
                .permit(view.permit())
                .build();
    }

    private static ObjectState configuration(
            EnsembleId id, Optional<AppliedConfiguration> applied, ServerConfiguration wanted, int replicas) {
        if (applied.isEmpty()) {
            return new ObjectState("Configuration", id.name(), State.MISSING, List.of(), "");
        }
        List<String> differences =
                new ArrayList<>(wanted.differences(applied.get().target()));
        if (applied.get().replicas() < replicas) {
            differences.add("replicas");
        }
        return new ObjectState(
                "Configuration", id.name(), differences.isEmpty() ? State.CURRENT : State.OUTDATED, differences, "");
    }

    /** The disruptions that a PodDisruptionBudget with this maxUnavailable would allow. */
    private static Budget budget(Desired desired, Set<Integer> covered, List<Member> members) {
        long ready = members.stream()
                .filter(member -> covered.contains(member.id()) && member.serves())
                .count();
        int needed = covered.size() - desired.spec().budget().maxUnavailable();
        return new Budget(desired.id().name() + "-budget", covered, (int) Math.max(0, ready - needed), true);
    }
}
