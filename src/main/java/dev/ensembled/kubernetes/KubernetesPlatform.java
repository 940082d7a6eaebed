package dev.ensembled.kubernetes;

import dev.ensembled.kubernetes.act.Claims;
import dev.ensembled.kubernetes.act.Disruptions;
import dev.ensembled.kubernetes.act.ObjectChanges;
import dev.ensembled.kubernetes.act.StatefulSetOperations;
import dev.ensembled.kubernetes.act.SuperUserSecrets;
import dev.ensembled.kubernetes.client.Administration;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.EnsembleObjects;
import dev.ensembled.kubernetes.client.FreshObjects;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.kubernetes.observe.Budgets;
import dev.ensembled.kubernetes.observe.DriftConflict;
import dev.ensembled.kubernetes.observe.Members;
import dev.ensembled.kubernetes.observe.ObjectShapes;
import dev.ensembled.kubernetes.observe.ObjectStates;
import dev.ensembled.kubernetes.observe.PodEvents;
import dev.ensembled.kubernetes.observe.ServerLog;
import dev.ensembled.kubernetes.observe.Volumes;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.desired.Aspects;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Manifests;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.Shape;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.observed.Instance;
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
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Runs ensembles as StatefulSets. One observation consists of these steps:
 *
 * <ol>
 *   <li>read the objects: from the cache, or from the API server if the read mode is fresh or the cache is behind our own
 *       last write;
 *   <li>query every server that has an address for its state and for the committed configuration;
 *   <li>derive from that how many replicas there must be now;
 *   <li>compare the objects with the manifests for that number of replicas;
 *   <li>determine the revision that a new pod gets: only while the StatefulSet is as wanted and its controller has observed
 *       that.
 * </ol>
 */
public final class KubernetesPlatform implements Platform, DryRun {
    private static final Logger LOG = Logger.getLogger(KubernetesPlatform.class);
    private static final Set<State> AS_WANTED = Set.of(State.CURRENT, State.LAGGING);

    private final KubernetesClient client;
    private final ClusterCache cache;
    private final EnsembleObjects.Source fresh;
    private final Administration administration;
    private final Clock clock;
    private final Members members;
    private final SuperUserSecrets superUser;
    private final DriftConflict contest;
    private final RecentWrites writes = new RecentWrites();
    private final ObjectChanges changes;
    private final Disruptions disruptions;
    private final StatefulSetOperations statefulSets;

    /**
     * Creates a platform.
     *
     * @param servers queries servers by member id at their client addresses, all at once, within its own deadline
     * @param administration requests to the servers, as their super user
     */
    public KubernetesPlatform(
            KubernetesClient client,
            ClusterCache cache,
            Function<Map<Integer, HostPort>, Map<Integer, Server>> servers,
            Administration administration,
            Clock clock) {
        this.client = client;
        this.cache = cache;
        this.fresh = new FreshObjects(client);
        this.administration = administration;
        this.clock = clock;
        this.members = new Members(servers, new PodEvents(client, clock), new ServerLog(client, clock), clock);
        this.superUser = new SuperUserSecrets(client, clock);
        this.contest = new DriftConflict(clock);
        this.changes = new ObjectChanges(client, writes, contest);
        this.disruptions = new Disruptions(client, writes);
        this.statefulSets = new StatefulSetOperations(client, writes);
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
        ObjectNames names = new ObjectNames(desired.id());
        EnsembleObjects live = read(names, mode);
        List<Member> seen = members.of(desired, names, live, status);
        List<Volume> volumes = Volumes.of(names, live.claims(), clock.instant());
        boolean remains = live.statefulSet().isPresent()
                || !live.pods().isEmpty()
                || !live.claims().isEmpty();
        int wanted = ReplicaCount.wanted(desired, seen, status, remains, volumes);
        List<ObjectState> states = states(desired, live, wanted, status.wasBootstrapped());
        return new Observed(
                states,
                target(states, live),
                seen,
                Budgets.of(names, live),
                live.statefulSet()
                        .map(set -> new Replicas(ObjectShapes.replicas(set), StatefulSetOperations.version(set)))
                        .orElse(Replicas.NONE),
                remains,
                volumes,
                status);
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        ObjectNames names = new ObjectNames(desired.id());
        try {
            return step.accept(new Taking(desired, names));
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater(step.describe());
        }
    }

    @Override
    public Revision wantedRevision(Desired desired) {
        try {
            Manifests wanted =
                    Manifests.of(desired, shape(desired, desired.members().size()));
            return new Revision("wanted", wanted.aspects());
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater("read the objects of " + desired.id());
        }
    }

    @Override
    public Outcome evict(EnsembleId ensemble, Instance instance) {
        try {
            return disruptions.tryEviction(new ObjectNames(ensemble), instance);
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater("try the eviction of pod " + instance.name());
        }
    }

    /** Returns the passwords that a server of an ensemble may know as those of its super user, the newest first. */
    public List<String> superPasswords(EnsembleId id) {
        ObjectNames names = new ObjectNames(id);
        try {
            return superUser.passwords(names);
        } catch (KubernetesClientException e) {
            throw new ApiFailure(e).retryLater("read Secret/" + names.superSecret());
        }
    }

    /** Takes a step for one ensemble. */
    private final class Taking implements Step.Visitor<Outcome, RuntimeException> {
        private final Desired desired;
        private final ObjectNames names;

        Taking(Desired desired, ObjectNames names) {
            this.desired = desired;
            this.names = names;
        }

        @Override
        public Outcome visit(Step.Apply step) {
            Outcome secret = superUser.ensure(desired);
            return secret.isApplied()
                    ? changes.apply(names, Manifests.of(desired, shape(desired, step.replicas())), step.objects())
                    : secret;
        }

        @Override
        public Outcome visit(Step.PermitStart step) {
            return statefulSets.permit(names, step);
        }

        @Override
        public Outcome visit(Step.Reconfigure step) {
            return administration.reconfigure(step, names::endpoint, superUser.passwords(names));
        }

        @Override
        public Outcome visit(Step.ScaleDown step) {
            return scaleDown(desired, names, step);
        }

        @Override
        public Outcome visit(Step.Expand step) {
            return statefulSets.expand(names, step);
        }

        @Override
        public Outcome visit(Step.RecreateStatefulSet step) {
            return statefulSets.rebuild(desired, shape(desired, step.replicas()), step);
        }

        @Override
        public Outcome visit(Step.Snapshot step) {
            return administration.snapshot(step, adminPort(desired), superUser.passwords(names));
        }

        @Override
        public Outcome visit(Step.Restart step) {
            return disruptions.evict(names, step.instance());
        }

        @Override
        public Outcome visit(Step.Replace step) {
            return disruptions.delete(names, step.instance());
        }

        @Override
        public Outcome visit(Step.Bootstrap step) {
            throw notOfAPlatform(step);
        }

        @Override
        public Outcome visit(Step.RunSanityTest step) {
            throw notOfAPlatform(step);
        }

        /** The cycle itself takes these two steps. */
        private static IllegalArgumentException notOfAPlatform(Step step) {
            return new IllegalArgumentException("not a platform step: " + step.describe());
        }
    }

    /**
     * Deletes volumes first, if they have to be deleted: if the daemon is killed in between, it finds the servers still
     * there after its restart, and does it again.
     */
    private Outcome scaleDown(Desired desired, ObjectNames names, Step.ScaleDown scaleDown) {
        boolean volumesToo = desired.spec().storage().deletionPolicy() == DeletionPolicy.Delete;
        Outcome volumes = volumesToo ? deleteVolumes(names, scaleDown) : new Outcome.Applied();
        return volumes.isApplied()
                ? statefulSets.scaleDown(desired, shape(desired, scaleDown.replicas()), scaleDown)
                : volumes;
    }

    /** The claims are read before the StatefulSet, so that claims of members that return later are not among them. */
    private Outcome deleteVolumes(ObjectNames names, Step.ScaleDown scaleDown) {
        Claims claims = new Claims(client);
        List<PersistentVolumeClaim> read = claims.of(names, scaleDown.members()::contains);
        return statefulSets.isAsObserved(names, scaleDown)
                ? claims.delete(names, read)
                : new Outcome.Stale("StatefulSet/" + names.statefulSet() + " changed since it was observed");
    }

    private List<ObjectState> states(Desired desired, EnsembleObjects live, int wanted, boolean formed) {
        ObjectNames names = new ObjectNames(desired.id());
        try {
            Shape shape = ObjectShapes.of(desired, live.statefulSet(), wanted, superUser.fingerprint(names));
            boolean lagging = live.statefulSet()
                    .filter(set -> ObjectShapes.lags(desired, set))
                    .isPresent();
            List<ObjectState> states = new ArrayList<>(List.of(superUser.state(desired, formed)));
            states.addAll(new ObjectStates(names, live, formed, lagging, contest).of(Manifests.of(desired, shape)));
            return states;
        } catch (KubernetesClientException e) {
            ApiFailure failure = new ApiFailure(e);
            throw failure.retryLater("read Secret/" + names.superSecret()
                    + (failure.refused() ? ", which the daemon's Role must include (docs/kubernetes.md, Rights)" : ""));
        }
    }

    /** Returns the current shape: no step except a scale-down reduces the replicas, whatever client added them. */
    private Shape shape(Desired desired, int places) {
        ObjectNames names = new ObjectNames(desired.id());
        Optional<StatefulSet> set = Optional.ofNullable(client.apps()
                .statefulSets()
                .inNamespace(desired.id().namespace())
                .withName(names.statefulSet())
                .get());
        return ObjectShapes.of(desired, set, places, superUser.fingerprint(names));
    }

    private static int adminPort(Desired desired) {
        return Integer.parseInt(desired.spec().config().getOrDefault("admin.serverPort", "8080"));
    }

    private EnsembleObjects read(ObjectNames names, ReadMode mode) {
        if (mode == ReadMode.CACHED && cache.synced()) {
            EnsembleObjects cached = cache.read(names);
            if (!writes.missingIn(cached, names)) {
                return cached;
            }
            LogEntry.of("cache does not contain our last write yet")
                    .with(LogKey.ENSEMBLE, names.id())
                    .debug(LOG);
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
        boolean asWanted = states.stream()
                .anyMatch(state -> state.kind().equals("StatefulSet") && AS_WANTED.contains(state.state()));
        return live.statefulSet()
                .filter(set -> asWanted && ObjectStates.observed(set))
                .filter(set -> set.getStatus().getUpdateRevision() != null)
                .map(set -> new Revision(
                        set.getStatus().getUpdateRevision(),
                        Aspects.of(set.getSpec().getTemplate().getMetadata().getAnnotations())));
    }
}
