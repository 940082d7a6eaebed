package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.kubernetes.client.FreshObjects;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One real ensemble of three in a real cluster; each test leaves it settled and serving. */
abstract class FormedEnsembleFixture extends KubernetesFixture {
    static final String SPEC =
            """
            {version: 3.9.5, voters: 3, jvm: {heap: 128Mi}, storage: {size: 1Gi},
             config: {autopurge.purgeInterval: '2'}}
            """;

    final Desired desired = desired("kafka", SPEC);
    final ObjectNames names = new ObjectNames(desired.id());
    final Set<EnsembleId> changed = ConcurrentHashMap.newKeySet();

    @BeforeAll
    void formTheEnsemble() {
        cluster.cache.addListener(changed::add);
        Observed before = platform.observe(desired, EnsembleStatus.empty(), ReadMode.FRESH);
        assertThat(before.objects()).extracting(ObjectState::state).containsOnly(State.MISSING);
        assertThat(before.target()).isEmpty();
        assertThat(before.members()).hasSize(3).allMatch(member -> member.instance()
                .isEmpty());
        assertThat(before.remains()).isFalse();
        assertThat(platform.act(desired, TestNamespace.apply(desired, before))).isInstanceOf(Outcome.Applied.class);
        for (int member = 1; member <= 3; member++) {
            permit(desired, member, StartPermit.BOOTSTRAP, desired.membership());
        }
    }

    @BeforeEach
    void servesAndIsSettled() {
        AtomicReference<Observed> last = new AtomicReference<>();
        try {
            TestNamespace.await("three ready servers that serve", () -> {
                last.set(probe());
                markClaims(last.get());
                return settled(last.get());
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + last.get(), e);
        }
    }

    /** Applies to new claims the annotations by which other tools do not prune them. */
    void markClaims(Observed seen) {
        List<ObjectState> claims = seen.objects().stream()
                .filter(object -> object.kind().equals("PersistentVolumeClaim"))
                .toList();
        if (!claims.isEmpty()) {
            assertThat(platform.act(desired, new Step.Apply(claims, 3))).isInstanceOf(Outcome.Applied.class);
        }
    }

    static boolean settled(Observed seen) {
        return states(seen).equals(Set.of(State.CURRENT))
                && seen.target().isPresent()
                && seen.budgets().stream().allMatch(budget -> budget.current() && budget.disruptionsAllowed() == 1)
                && seen.members().stream()
                        .allMatch(member -> member.serves()
                                && member.instance().orElseThrow().ready()
                                && member.instance().get().phase() == Phase.RUNNING);
    }

    Observed probe() {
        return platform.observe(desired, FORMED, ReadMode.FRESH);
    }

    Instance instance(int member) {
        return platform.observe(desired, FORMED, ReadMode.CACHED)
                .members()
                .get(member - 1)
                .instance()
                .orElseThrow();
    }

    void patch(String kind, String name, String patch) {
        HasMetadata object =
                new FreshObjects(cluster.client).read(names).find(kind, name).orElseThrow();
        cluster.client
                .resource(object)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.STRATEGIC_MERGE)
                                .withFieldManager("a-person")
                                .build(),
                        patch);
    }

    static Instance with(Instance instance, String uid, String version) {
        return with(instance.name(), instance, uid, version);
    }

    static Instance with(String name, Instance instance, String uid, String version) {
        return instance.toBuilder().name(name).uid(uid).version(version).build();
    }
}
