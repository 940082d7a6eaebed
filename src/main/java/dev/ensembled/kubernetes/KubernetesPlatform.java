package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.desired.Aspects;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Desired.Place;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Ensembles as StatefulSets. One look is:
 *
 * <ol>
 *   <li>read the objects: from the cache, or from the API server if a fresh look is asked for or the cache is behind our
 *       own last write;
 *   <li>compare them with the manifests;
 *   <li>tell which revision a new pod gets: only while the StatefulSet is as wanted and its controller has seen that;
 *   <li>ask every server that has an address what it is.
 * </ol>
 */
public final class KubernetesPlatform implements Platform {
    private static final Logger LOG = Logger.getLogger(KubernetesPlatform.class);
    private static final int CLIENT_PORT = 2181;

    private final ClusterCache cache;
    private final EnsembleObjects.Source fresh;
    private final Function<Map<Integer, HostPort>, Map<Integer, Server>> servers;
    private final Clock clock;
    private final Contest contest;
    private final Writes writes = new Writes();
    private final Changes changes;
    private final Disruptions disruptions;

    /**
     * A platform.
     *
     * @param servers asks servers by member id at their client addresses, all at once, within a deadline of its own
     */
    public KubernetesPlatform(
            KubernetesClient client,
            ClusterCache cache,
            Function<Map<Integer, HostPort>, Map<Integer, Server>> servers,
            Clock clock) {
        this.cache = cache;
        this.fresh = new FreshObjects(client);
        this.servers = servers;
        this.clock = clock;
        this.contest = new Contest(clock);
        this.changes = new Changes(client, writes, contest);
        this.disruptions = new Disruptions(client, writes);
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, Look look) {
        ObjectNames names = new ObjectNames(desired.id());
        EnsembleObjects live = read(names, look);
        boolean formed = Boolean.TRUE.equals(status.formed());
        List<ObjectState> states = new ObjectStates(names, live, formed, contest).of(Manifests.of(desired));
        return new Observed(
                states,
                target(states, live),
                members(desired, names, live),
                Budgets.of(names, live),
                0,
                true,
                List.of(),
                status);
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        ObjectNames names = new ObjectNames(desired.id());
        try {
            if (step instanceof Step.Apply apply) {
                return changes.apply(names, Manifests.of(desired), apply.objects());
            }
            if (step instanceof Step.Restart restart) {
                return disruptions.evict(names, restart.instance());
            }
            if (step instanceof Step.Replace replace) {
                return disruptions.delete(names, replace.instance());
            }
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater(step.describe());
        }
        throw new IllegalArgumentException("not a step of this platform: " + step.describe());
    }

    private EnsembleObjects read(ObjectNames names, Look look) {
        if (look == Look.CACHED && cache.synced()) {
            EnsembleObjects cached = cache.read(names);
            if (!writes.missingIn(cached, names)) {
                return cached;
            }
            LOG.debugf("cache is behind our own write ensemble=%s", names.id());
        }
        try {
            EnsembleObjects read = fresh.read(names);
            writes.settle(read, names);
            return read;
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater("read the objects of " + names.id());
        }
    }

    private static Optional<Revision> target(List<ObjectState> states, EnsembleObjects live) {
        boolean asWanted =
                states.stream().anyMatch(state -> state.kind().equals("StatefulSet") && state.state() == State.CURRENT);
        return live.statefulSet()
                .filter(set -> asWanted && ObjectStates.observed(set))
                .filter(set -> set.getStatus().getUpdateRevision() != null)
                .map(set -> new Revision(
                        set.getStatus().getUpdateRevision(),
                        Aspects.of(set.getSpec().getTemplate().getMetadata().getAnnotations())));
    }

    private List<Member> members(Desired desired, ObjectNames names, EnsembleObjects live) {
        Map<Integer, Pod> pods = new TreeMap<>();
        live.pods().forEach(pod -> names.ordinal(pod.getMetadata().getName())
                .ifPresent(ordinal -> pods.put(ordinal + 1, pod)));
        Map<Integer, HostPort> addresses = new TreeMap<>();
        pods.forEach((id, pod) -> address(pod).ifPresent(address -> addresses.put(id, address)));
        Map<Integer, Server> answers = addresses.isEmpty() ? Map.of() : servers.apply(addresses);

        Set<Integer> ids = new TreeSet<>(pods.keySet());
        desired.members().stream().map(Place::id).forEach(ids::add);
        return ids.stream()
                .map(id ->
                        member(id, Optional.ofNullable(pods.get(id)), Optional.ofNullable(addresses.get(id)), answers))
                .toList();
    }

    private Member member(int id, Optional<Pod> pod, Optional<HostPort> address, Map<Integer, Server> answers) {
        Optional<Instance> instance = pod.map(found -> Instances.of(found, clock.instant()));
        Server silent = new Server.Unknown("was asked and did not answer");
        Server server = address.isPresent()
                ? answers.getOrDefault(id, silent)
                : new Server.Down(instance.isPresent() ? "its pod has no address" : "it has no pod");
        return new Member(id, instance, server, address);
    }

    private static Optional<HostPort> address(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getPodIP()))
                .filter(ip -> !ip.isEmpty())
                .map(ip -> new HostPort(ip, CLIENT_PORT));
    }
}
