package dev.ensembled.local;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Desired.Place;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.zookeeper.ServerProbe;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at the processes of one ensemble and asks their servers; never acts. Thread-safe. */
final class LocalObserver {
    private final Supervisor supervisor;
    private final ServerProbe probe;
    private final Clock clock;
    private final ReadySince readySince = new ReadySince();

    LocalObserver(Supervisor supervisor, ServerProbe probe, Clock clock) {
        this.supervisor = supervisor;
        this.probe = probe;
        this.clock = clock;
    }

    /**
     * One look.
     *
     * @param applied what was applied last
     * @param wanted what is wanted now
     */
    Observed look(Desired desired, Optional<Target> applied, Target wanted, EnsembleStatus status) {
        SortedMap<Integer, ServerSlot> slots = supervisor.slots(desired.id());
        // Seen before the servers are asked: an answer of a later life must not be taken for one of an earlier life.
        Map<Integer, ServerSlot.View> views = new HashMap<>();
        slots.forEach((id, slot) -> views.put(id, slot.view()));
        Map<Integer, Server> servers = servers(slots, views);
        Set<Integer> ids = new TreeSet<>(slots.keySet());
        desired.members().forEach(place -> ids.add(place.id()));
        List<Member> members = ids.stream()
                .map(id -> member(desired.id(), id, slots.get(id), views.get(id), servers.get(id)))
                .filter(member ->
                        member.instance().isPresent() || wanted.members().contains(member.id()))
                .toList();
        return new Observed(
                List.of(configuration(desired.id(), applied, wanted)),
                applied.filter(wanted::sameAs).map(target -> new Revision(target.revision(), target.aspects())),
                members,
                List.of(budget(desired, members)),
                0,
                true,
                List.of(),
                status);
    }

    private Map<Integer, Server> servers(Map<Integer, ServerSlot> slots, Map<Integer, ServerSlot.View> views) {
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

    private Member member(EnsembleId ensemble, int id, ServerSlot slot, ServerSlot.View view, Server answer) {
        if (slot == null || view.record().isEmpty()) {
            return new Member(
                    id,
                    Optional.empty(),
                    new Server.Down("no process was started"),
                    Optional.ofNullable(slot).map(LocalObserver::address));
        }
        Server server = answer == null ? new Server.Down("its process does not run: " + view.message()) : answer;
        return new Member(id, Optional.of(instance(ensemble, id, view, server)), server, Optional.of(address(slot)));
    }

    private Instance instance(EnsembleId ensemble, int id, ServerSlot.View view, Server server) {
        ProcessRecord life = view.record().orElseThrow();
        return new Instance(
                ensemble.name() + "-" + (id - 1),
                life.uid(),
                "",
                life.revision(),
                life.aspects(),
                view.phase(),
                view.reason(),
                view.message(),
                server instanceof Server.Serving,
                readySince.of(ensemble + "/" + id, life, server, clock.instant()),
                life.created(),
                Optional.empty(),
                Instance.Disk.FINE,
                Optional.empty());
    }

    private static ObjectState configuration(EnsembleId id, Optional<Target> applied, Target wanted) {
        if (applied.isEmpty()) {
            return new ObjectState("Configuration", id.name(), ObjectState.State.MISSING, List.of(), "");
        }
        Target last = applied.get();
        return last.sameAs(wanted)
                ? new ObjectState("Configuration", id.name(), ObjectState.State.CURRENT, List.of(), "")
                : new ObjectState("Configuration", id.name(), ObjectState.State.OUTDATED, wanted.differences(last), "");
    }

    /** What a PodDisruptionBudget of maxUnavailable would allow. */
    private static Budget budget(Desired desired, List<Member> members) {
        Set<Integer> covered = desired.members().stream().map(Place::id).collect(Collectors.toSet());
        long ready = members.stream()
                .filter(member -> covered.contains(member.id()) && member.serves())
                .count();
        int needed = covered.size() - desired.spec().budget().maxUnavailable();
        return new Budget(desired.id().name() + "-budget", covered, (int) Math.max(0, ready - needed), true);
    }
}
