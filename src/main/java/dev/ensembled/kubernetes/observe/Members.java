package dev.ensembled.kubernetes.observe;

import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Desired.MemberSlot;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The members of an ensemble: those that have a pod, those that the spec asks for, and those of the committed
 * configuration, which need not be among either.
 */
public record Members(
        Function<Map<Integer, HostPort>, Map<Integer, Server>> servers, PodEvents events, ServerLog log, Clock clock) {
    private static final int CLIENT_PORT = 2181;

    public List<Member> of(Desired desired, ObjectNames names, EnsembleObjects live, EnsembleStatus status) {
        Map<Integer, Pod> pods = new TreeMap<>();
        live.pods().forEach(pod -> names.ordinal(pod.getMetadata().getName())
                .ifPresent(ordinal -> pods.put(ordinal + 1, pod)));
        Map<Integer, HostPort> addresses = new TreeMap<>();
        pods.forEach((id, pod) -> address(pod).ifPresent(address -> addresses.put(id, address)));
        Map<Integer, Server> answers = addresses.isEmpty() ? Map.of() : servers.apply(addresses);

        Set<Integer> ids = new TreeSet<>(pods.keySet());
        desired.members().stream().map(MemberSlot::id).forEach(ids::add);
        ids.addAll(committed(answers.values(), status));
        return ids.stream()
                .map(id -> pods.containsKey(id)
                        ? member(id, pods.get(id), Optional.ofNullable(addresses.get(id)), answers)
                        : missing(id, names, live, status))
                .toList();
    }

    /**
     * Returns the ids of the newest committed configuration that the servers report; otherwise of the last one observed.
     */
    private static Set<Integer> committed(Collection<Server> answers, EnsembleStatus status) {
        Set<Integer> lastSeen = new TreeSet<>(status.voters());
        lastSeen.addAll(status.observers());
        return Membership.newest(answers.stream()).map(Membership::ids).orElse(lastSeen);
    }

    private Member member(int id, Pod pod, Optional<HostPort> address, Map<Integer, Server> answers) {
        Server silent = new Server.Unknown("no response");
        Server server =
                address.isPresent() ? answers.getOrDefault(id, silent) : new Server.Down("pod has no IP address");
        return new Member(id, Optional.of(instance(pod, server)), server, address);
    }

    private Member missing(int id, ObjectNames names, EnsembleObjects live, EnsembleStatus status) {
        // From the status: nothing that can be observed shows for how long a pod has been missing.
        String why = status.missingSince(id)
                .flatMap(since -> live.statefulSet().flatMap(set -> events.refusal(set, names.pod(id - 1), since)))
                .orElse("pod does not exist");
        return new Member(id, Optional.empty(), new Server.Down(why), Optional.empty());
    }

    private Instance instance(Pod pod, Server server) {
        PodPhase phase = events.explained(pod, PodPhase.of(pod, clock.instant()));
        return Instances.of(pod, phase).toBuilder()
                .moved(log.moved(pod, phase, server))
                .build();
    }

    private static Optional<HostPort> address(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getPodIP()))
                .filter(ip -> !ip.isEmpty())
                .map(ip -> new HostPort(ip, CLIENT_PORT));
    }
}
