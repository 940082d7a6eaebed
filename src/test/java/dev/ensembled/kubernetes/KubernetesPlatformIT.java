package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.HandClock;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real ensemble of three in a real cluster; each test leaves it settled and serving. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesPlatformIT {
    private static final Logger LOG = Logger.getLogger(KubernetesPlatformIT.class);
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final EnsembleStatus FORMED =
            new EnsembleStatus(1L, null, null, null, null, null, true, null, null, null, null, null, null, null);
    private static final String SPEC =
            """
            {version: 3.9.5, voters: 3, jvm: {heap: 128Mi}, storage: {size: 1Gi},
             config: {autopurge.purgeInterval: '2'}}
            """;

    private static final String EVICTION_POLICY =
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: no-evictions-NAMESPACE}
            spec:
              failurePolicy: Fail
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods/eviction]}
              validations:
              - {expression: "false", message: not during the sale}
            """;
    private static final String EVICTION_BINDING =
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: no-evictions-NAMESPACE}
            spec:
              policyName: no-evictions-NAMESPACE
              validationActions: [Deny]
              matchResources:
                namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            """;

    private final TestCluster cluster = new TestCluster();
    private final Asked asked = new Asked();
    private final KubernetesPlatform platform =
            new KubernetesPlatform(cluster.client, cluster.cache, TestCluster::ask, asked, Clock.systemUTC());
    private final Desired desired = desired("kafka", SPEC);
    private final ObjectNames names = new ObjectNames(desired.id());
    private final Set<EnsembleId> changed = ConcurrentHashMap.newKeySet();

    @BeforeAll
    void formTheEnsemble() {
        cluster.cache.addListener(changed::add);
        Observed before = platform.observe(desired, EnsembleStatus.empty(), ReadMode.FRESH);
        assertThat(before.objects()).extracting(ObjectState::state).containsOnly(State.MISSING);
        assertThat(before.target()).isEmpty();
        assertThat(before.members()).hasSize(3).allMatch(member -> member.instance()
                .isEmpty());
        assertThat(before.remains()).isFalse();
        assertThat(platform.act(desired, TestCluster.apply(desired, before))).isInstanceOf(Outcome.Applied.class);
        for (int member = 1; member <= 3; member++) {
            permit(desired, member, StartPermit.BOOTSTRAP, desired.membership());
        }
    }

    /** As often as the pod changes in between. */
    private void permit(Desired ensemble, int member, StartPermit how, Membership membership) {
        TestCluster.await("member " + member + " to be admitted", () -> platform.observe(
                        ensemble, FORMED, ReadMode.FRESH)
                .members()
                .get(member - 1)
                .instance()
                .map(instance -> platform.act(ensemble, new Step.PermitStart(member, instance, how, membership)))
                .filter(Outcome.Applied.class::isInstance)
                .isPresent());
    }

    @BeforeEach
    void servesAndIsSettled() {
        AtomicReference<Observed> last = new AtomicReference<>();
        try {
            TestCluster.await("three ready servers that serve", () -> {
                last.set(look());
                markClaims(last.get());
                return settled(last.get());
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + last.get(), e);
        }
    }

    /** New claims are still to be told to say that they are not to be pruned. */
    private void markClaims(Observed seen) {
        List<ObjectState> claims = seen.objects().stream()
                .filter(object -> object.kind().equals("PersistentVolumeClaim"))
                .toList();
        if (!claims.isEmpty()) {
            assertThat(platform.act(desired, new Step.Apply(claims, 3))).isInstanceOf(Outcome.Applied.class);
        }
    }

    private static boolean settled(Observed seen) {
        return states(seen).equals(Set.of(State.CURRENT))
                && seen.target().isPresent()
                && seen.budgets().stream().allMatch(budget -> budget.current() && budget.disruptionsAllowed() == 1)
                && seen.members().stream()
                        .allMatch(member -> member.serves()
                                && member.instance().orElseThrow().ready()
                                && member.instance().get().phase() == Phase.RUNNING);
    }

    @AfterAll
    void leave() {
        cluster.close();
    }

    @Test
    void formsUnderRestrictedPodSecurityOnNodesOfItsOwn() {
        Observed seen = look();

        assertThat(seen.members()).extracting(Member::id).containsExactly(1, 2, 3);
        assertThat(seen.leader()).isPresent();
        assertThat(seen.members())
                .extracting(member -> member.instance().orElseThrow().location().orElseThrow())
                .doesNotHaveDuplicates();
        assertThat(seen.members())
                .extracting(member -> member.instance().orElseThrow().revision())
                .containsOnly(seen.target().orElseThrow().id());
        assertThat(seen.members().get(0).instance().orElseThrow().aspects())
                .containsOnlyKeys("config", "credentials", "image", "jvm", "resources", "template");
        assertThat(seen.budgets()).containsExactly(new Budget("kafka-budget", Set.of(1, 2, 3), 1, true));
        assertThat(changed).contains(desired.id());
    }

    @Test
    void aSettledEnsembleIsCurrentAndIsNotWrittenTo() {
        Map<String, String> before = versions();

        for (ReadMode mode : ReadMode.values()) {
            assertThat(platform.observe(desired, FORMED, mode).objects())
                    .allSatisfy(object -> assertThat(object.state()).isEqualTo(State.CURRENT));
        }
        Outcome again = platform.act(desired, TestCluster.apply(desired, look()));

        assertThat(again).isInstanceOf(Outcome.Applied.class);
        assertThat(versions()).as("applying the same again changes nothing").isEqualTo(before);
    }

    @Test
    void namesTheFieldsThatSomebodyChangedAndPutsThemBack() {
        patch("Service", "kafka", "{\"spec\":{\"selector\":{\"extra\":\"x\"},\"type\":\"NodePort\"}}");
        patch("PodDisruptionBudget", "kafka-budget", "{\"spec\":{\"maxUnavailable\":3}}");

        Observed seen = look();

        assertThat(seen.objects().stream().filter(object -> object.state() != State.CURRENT))
                .containsExactlyInAnyOrder(
                        new ObjectState("Service", "kafka", State.DRIFTED, List.of("spec.selector.extra"), "a-person"),
                        new ObjectState(
                                "PodDisruptionBudget",
                                "kafka-budget",
                                State.DRIFTED,
                                List.of("spec.maxUnavailable"),
                                "a-person"));
        assertThat(platform.act(desired, TestCluster.apply(desired, seen))).isInstanceOf(Outcome.Applied.class);
        assertThat(states(look())).containsExactly(State.CURRENT);
    }

    @Test
    void aChangedTemplateHasNoTargetRevisionUntilItIsPutBack() {
        String wanted = look().target().orElseThrow().id();
        patch(
                "StatefulSet",
                "kafka",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"zookeeper\",\"env\":[{\"name\":\"SERVER_JVMFLAGS\",\"value\":\"-Xmx1m\"}]}]}}}}");

        Observed drifted = look();

        assertThat(drifted.target()).isEmpty();
        assertThat(object(drifted, "StatefulSet/kafka").fields())
                .containsExactly("spec.template.spec.containers[zookeeper].env[SERVER_JVMFLAGS].value");
        platform.act(desired, TestCluster.apply(desired, drifted));
        TestCluster.await(
                "the same revision again",
                () -> look().target().map(Revision::id).equals(Optional.of(wanted)));
    }

    @Test
    void whatWasDeletedIsDriftAndComesBack() {
        cluster.client
                .services()
                .inNamespace(cluster.namespace)
                .withName("kafka")
                .delete();
        TestCluster.await(
                "the cache to see it",
                () -> cluster.cache.read(names).find("Service", "kafka").isEmpty());

        Observed seen = look();

        assertThat(object(seen, "Service/kafka"))
                .isEqualTo(new ObjectState("Service", "kafka", State.DRIFTED, List.of(), ""));
        platform.act(desired, TestCluster.apply(desired, seen));
        assertThat(cluster.client
                        .services()
                        .inNamespace(cluster.namespace)
                        .withName("kafka")
                        .get())
                .isNotNull();
    }

    @Test
    void oneWhoKeepsChangingAFieldBackIsLeftAloneForAWhile() {
        HandClock clock = new HandClock(Instant.now());
        KubernetesPlatform patient =
                new KubernetesPlatform(cluster.client, cluster.cache, TestCluster::ask, new Asked(), clock);
        String change = "{\"spec\":{\"ports\":[{\"port\":2181,\"name\":\"hijacked\"}]}}";
        for (int i = 0; i < DriftConflict.REPAIRS; i++) {
            patch("Service", "kafka-headless", change);
            Observed drifted = patient.observe(desired, FORMED, ReadMode.FRESH);
            assertThat(object(drifted, "Service/kafka-headless").state()).isEqualTo(State.DRIFTED);
            patient.act(desired, TestCluster.apply(desired, drifted));
        }
        patch("Service", "kafka-headless", change);

        assertThat(object(patient.observe(desired, FORMED, ReadMode.FRESH), "Service/kafka-headless"))
                .isEqualTo(new ObjectState(
                        "Service", "kafka-headless", State.CONTESTED, List.of("spec.ports[2181].name"), "a-person"));

        clock.advance(DriftConflict.WINDOW);
        Observed tried = patient.observe(desired, FORMED, ReadMode.FRESH);
        assertThat(object(tried, "Service/kafka-headless").state()).isEqualTo(State.DRIFTED);
        patient.act(desired, TestCluster.apply(desired, tried));
    }

    @Test
    void aBudgetThatAllowsNothingBlocksARestartAndIsNamed() {
        Desired frozen = desired("kafka", SPEC.replace("voters: 3", "voters: 3, budget: {maxUnavailable: 0}"));
        platform.act(frozen, TestCluster.apply(frozen, platform.observe(frozen, FORMED, ReadMode.FRESH)));
        TestCluster.await("the budget to be seen", () -> look().budgets().stream()
                .allMatch(budget -> budget.current() && budget.disruptionsAllowed() == 0));
        Instance instance = instance(1);

        Outcome outcome = restart(1, instance);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).isEqualTo("budget");
            assertThat(blocked.reason()).contains("kafka-budget");
        });
        assertThat(instance(1).uid()).isEqualTo(instance.uid());
        platform.act(desired, TestCluster.apply(desired, look()));
    }

    @Test
    void severalBudgetsOnAPodBlockARestart() {
        cluster.client
                .resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withNamespace(cluster.namespace)
                        .withName("of-another-team")
                        .endMetadata()
                        .withNewSpec()
                        .withMaxUnavailable(new IntOrString(1))
                        .withNewSelector()
                        .addToMatchLabels("app.kubernetes.io/name", "zookeeper")
                        .endSelector()
                        .endSpec()
                        .build())
                .create();
        TestCluster.await(
                "both budgets",
                () -> look().budgets().size() == 2 && look().budgets().stream().allMatch(Budget::current));

        Outcome outcome = restart(1, instance(1));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> assertThat(blocked.gate())
                .isEqualTo("budget"));
        cluster.client
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(cluster.namespace)
                .withName("of-another-team")
                .delete();
    }

    @Test
    void nothingHappensToAPodThatIsNotTheOneThatWasSeen() {
        Instance instance = instance(1);
        Instance another = with(instance, "00000000-0000-0000-0000-000000000000", instance.version());
        Instance older = with(instance, instance.uid(), "1");
        Instance gone = with(instance.name() + "0", instance, instance.uid(), instance.version());

        assertThat(restart(1, another)).isInstanceOf(Outcome.Stale.class);
        assertThat(restart(1, older)).isInstanceOf(Outcome.Stale.class);
        assertThat(platform.act(desired, new Step.Replace(1, another, List.of())))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(platform.act(desired, new Step.Replace(1, older, List.of()))).isInstanceOf(Outcome.Stale.class);
        assertThat(restart(1, gone)).isInstanceOf(Outcome.Stale.class);
        assertThat(platform.act(desired, new Step.Replace(1, gone, List.of()))).isInstanceOf(Outcome.Stale.class);

        Observed after = look();
        assertThat(after.members().get(0).instance().orElseThrow().uid()).isEqualTo(instance.uid());
        assertThat(after.budgets().get(0).disruptionsAllowed())
                .as("a refused restart takes nothing from the budget")
                .isEqualTo(1);
    }

    @Test
    void aRestartEndsTheServerAtOnceAndBringsItBackOnItsOwnData() throws IOException {
        Member follower = look().members().stream()
                .filter(member -> !member.leads())
                .findFirst()
                .orElseThrow();
        Instance old = follower.instance().orElseThrow();
        try (Socket client = new Socket()) {
            client.connect(
                    new InetSocketAddress(follower.clientAddress().orElseThrow().host(), 2181));
            client.setSoTimeout(20_000);
            Instant asked = Instant.now();

            assertThat(restart(follower.id(), old)).isInstanceOf(Outcome.Applied.class);
            assertThat(instance(follower.id()))
                    .satisfies(seen -> assertThat(!seen.uid().equals(old.uid()) || seen.phase() == Phase.TERMINATING)
                            .as("the next look already knows")
                            .isTrue());
            closed(client);
            Duration untilClosed = Duration.between(asked, Instant.now());
            measure(follower.id(), old, asked, untilClosed);

            assertThat(untilClosed).isLessThan(Duration.ofSeconds(20));
        }
        assertThat(log(follower.id()))
                .contains("membership from /data/ensembled/zoo.cfg.dynamic.")
                .doesNotContain("admitted");
    }

    @Test
    void aServerThatDoesNotServeIsReplaced() {
        Instance old = instance(3);

        assertThat(platform.act(desired, new Step.Replace(3, old, List.of()))).isInstanceOf(Outcome.Applied.class);

        TestCluster.await("another life", () -> look().members().get(2).instance().stream()
                .anyMatch(instance -> !instance.uid().equals(old.uid())));
    }

    @Test
    void whatKubernetesDoesNotLetChangeIsSaidAndLeftAsItIs() {
        Desired elsewhere = desired("kafka", SPEC.replace("size: 1Gi", "size: 1Gi, storageClassName: other"));
        Observed seen = platform.observe(elsewhere, FORMED, ReadMode.CACHED);
        String uid = statefulSet().getMetadata().getUid();

        Outcome outcome = platform.act(elsewhere, TestCluster.apply(elsewhere, seen));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).isEqualTo("immutable-field");
            assertThat(blocked.reason())
                    .contains("spec.volumeClaimTemplates[data].spec.storageClassName", "former value");
        });
        assertThat(statefulSet().getMetadata().getUid()).isEqualTo(uid);
    }

    @Test
    void anObjectOfSomebodyElseIsNotTakenOver() {
        cluster.client
                .services()
                .inNamespace(cluster.namespace)
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("solr")
                        .endMetadata()
                        .withNewSpec()
                        .addToSelector("app", "solr")
                        .addNewPort()
                        .withPort(8983)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        Desired solr = desired("solr", SPEC);

        Outcome outcome = platform.act(
                solr, TestCluster.apply(solr, platform.observe(solr, EnsembleStatus.empty(), ReadMode.FRESH)));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).isEqualTo("foreign-object");
            assertThat(blocked.reason()).contains("Service/solr");
        });
        assertThat(cluster.client
                        .services()
                        .inNamespace(cluster.namespace)
                        .withName("solr")
                        .get()
                        .getSpec()
                        .getSelector())
                .containsOnlyKeys("app");
    }

    @Test
    void aConfigMapThatNothingNeedsAnyMoreIsSurplusAndGoes() {
        Desired other = desired("kafka", SPEC.replace("'2'", "'3'"));
        Observed seen = platform.observe(other, FORMED, ReadMode.CACHED);
        assertThat(seen.objects().stream()
                        .filter(object -> object.kind().equals("ConfigMap"))
                        .map(ObjectState::state))
                .as("new, hence not drifted")
                .containsExactly(State.MISSING);
        assertThat(object(seen, "StatefulSet/kafka").state()).isEqualTo(State.OUTDATED);
        platform.act(other, TestCluster.apply(other, seen));
        assertThat(states(platform.observe(other, FORMED, ReadMode.FRESH)))
                .as("the pods still use the old one")
                .doesNotContain(State.SURPLUS);
        platform.act(desired, TestCluster.apply(desired, look()));

        TestCluster.await("the other one to be surplus", () -> states(look()).contains(State.SURPLUS));
        platform.act(
                desired,
                new Step.Apply(
                        look().objects().stream()
                                .filter(object -> object.state() == State.SURPLUS)
                                .toList(),
                        3));

        assertThat(states(look())).containsExactly(State.CURRENT);
        assertThat(cluster.client
                        .configMaps()
                        .inNamespace(cluster.namespace)
                        .withLabels(names.selector())
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    void aPodWhoseImageWasEditedInPlaceIsOutdated() {
        Instance before = instance(2);
        cluster.client
                .pods()
                .inNamespace(cluster.namespace)
                .withName("kafka-1")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.STRATEGIC_MERGE)
                                .withFieldManager("a-person")
                                .build(),
                        "{\"spec\":{\"containers\":[{\"name\":\"zookeeper\",\"image\":\"docker.io/library/zookeeper:3.9.4\"}]}}");

        TestCluster.await("the edit to be seen", () -> !instance(2).revision().equals(before.revision()));
        assertThat(instance(2).aspects().get("image"))
                .isNotEqualTo(before.aspects().get("image"));

        TestCluster.await(
                "it to be replaced",
                () -> platform.act(desired, new Step.Replace(2, instance(2), List.of())) instanceof Outcome.Applied);
    }

    @Test
    void anImageThatIsNotThereIsPendingWithTheReason() {
        Desired single = desired(
                "broken",
                "{version: 3.9.5, image: 'localhost/none:1', voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}");
        platform.act(
                single, TestCluster.apply(single, platform.observe(single, EnsembleStatus.empty(), ReadMode.FRESH)));

        TestCluster.await("the kubelet to give up once", () -> pending(single)
                .filter(instance -> instance.reason().matches("ErrImagePull|ImagePullBackOff"))
                .filter(instance -> instance.message().contains("localhost/none:1"))
                .isPresent());
        assertThat(pending(single).orElseThrow().knownNotRunning()).isTrue();
    }

    @Test
    void aPodThatFitsNoNodeIsPendingWithTheReason() {
        Desired single = desired(
                "homeless",
                "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}, podTemplate: {spec: {nodeSelector: {no: such}}}}");
        platform.act(
                single, TestCluster.apply(single, platform.observe(single, EnsembleStatus.empty(), ReadMode.FRESH)));

        TestCluster.await("the scheduler to give up once", () -> pending(single)
                .filter(instance -> instance.reason().equals("Unschedulable"))
                .filter(instance -> instance.message().contains("nodes are available"))
                .isPresent());
    }

    @Test
    void aMemberJoinsAndLeavesWithoutTouchingTheOthersAndItsVolumeStays() {
        List<String> before = uids();
        Desired larger = desired("kafka", SPEC.replace("voters: 3", "voters: 3, observers: 1"));
        platform.act(larger, TestCluster.apply(larger, platform.observe(larger, FORMED, ReadMode.FRESH)));
        Membership three = committed();
        permit(larger, 4, StartPermit.JOIN, three);
        TestCluster.await("the learner to serve", () -> member(larger, 4).serves());
        assertThat(member(larger, 4).instance().orElseThrow().permit()).contains(StartPermit.JOIN);

        assertThat(reconfigure(Step.Change.JOIN, 4, three, three.with(4, false)))
                .isInstanceOf(Outcome.Applied.class);
        TestCluster.await(
                "it to observe", () -> member(larger, 4).server().describe().equals("observer"));
        Membership four = committed();
        assertThat(four.observers()).containsExactly(4);

        assertThat(reconfigure(Step.Change.REMOVE, 4, four, four.without(4))).isInstanceOf(Outcome.Applied.class);
        assertThat(look().replicas().count())
                .as("nothing but a step of its own takes a place away")
                .isEqualTo(4);
        platform.act(desired, TestCluster.apply(desired, look()));
        assertThat(look().replicas().count()).isEqualTo(4);
        assertThat(platform.act(desired, new Step.ScaleDown(look().replicas(), 3, List.of(4))))
                .isInstanceOf(Outcome.Applied.class);

        TestCluster.await("its pod to go", () -> look().members().size() == 3);
        assertThat(look().volumes()).extracting(Volume::claim).contains("data-kafka-3");
        assertThat(uids()).isEqualTo(before);

        platform.observe(larger, FORMED, ReadMode.FRESH);
        platform.act(larger, TestCluster.apply(larger, platform.observe(larger, FORMED, ReadMode.FRESH)));
        TestCluster.await("what was removed not to start by itself", () -> member(larger, 4)
                .instance()
                .filter(instance -> instance.disk() == Disk.BLANK)
                .filter(instance -> instance.message().contains("was removed"))
                .isPresent());
        assertThat(platform.act(desired, new Step.ScaleDown(look().replicas(), 3, List.of(4))))
                .isInstanceOf(Outcome.Applied.class);
        TestCluster.await("its pod to go", () -> look().members().size() == 3);
    }

    @Test
    void placesAreTakenFromTheSetThatWasSeenAndFromNoOther() {
        Replicas seen = look().replicas();
        patch("StatefulSet", "kafka", "{\"metadata\":{\"annotations\":{\"changed\":\"since\"}}}");

        assertThat(platform.act(desired, new Step.ScaleDown(seen, 2, List.of(3))))
                .isInstanceOf(Outcome.Stale.class);

        assertThat(look().replicas().count()).isEqualTo(3);
    }

    @Test
    void nobodyIsAdmittedToAPodThatIsNotTheOneThatWasSeen() {
        Instance instance = instance(1);
        Instance another = with(instance, "00000000-0000-0000-0000-000000000000", instance.version());
        Instance older = with(instance, instance.uid(), "1");

        for (Instance other : List.of(another, older)) {
            assertThat(platform.act(desired, new Step.PermitStart(1, other, StartPermit.JOIN, committed())))
                    .isInstanceOf(Outcome.Stale.class);
        }
        assertThat(instance(1).permit()).isEqualTo(instance.permit());
    }

    @Test
    void volumesGrowAndTheSetIsMadeAnewAroundItsPods() {
        String spec = "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}";
        Desired small = desired("growing", spec);
        apply(small);
        permit(small, 1, StartPermit.BOOTSTRAP, small.membership());
        TestCluster.await("it to serve", () -> member(small, 1).serves());
        Instance before = member(small, 1).instance().orElseThrow();
        Desired large = desired("growing", spec.replace("1Gi", "2Gi"));
        apply(large);
        Observed seen = platform.observe(large, FORMED, ReadMode.FRESH);
        assertThat(object(seen, "StatefulSet/growing").state()).isEqualTo(State.LAGGING);
        assertThat(seen.target()).isPresent();
        Volume volume = seen.volumes().get(0);
        assertThat(volume.requestedBytes()).isEqualTo(1L << 30);

        assertThat(platform.act(large, new Step.Expand(volume, 2L << 30))).isInstanceOf(Outcome.Applied.class);
        TestCluster.await(
                "the volume to grow",
                () -> platform.observe(large, FORMED, ReadMode.FRESH)
                                .volumes()
                                .get(0)
                                .capacityBytes()
                        == 2L << 30);
        assertThat(platform.act(large, new Step.RecreateStatefulSet(1, "StatefulSet/growing")))
                .isInstanceOf(Outcome.Applied.class);

        TestCluster.await("the set to be settled", () -> {
            Observed now = platform.observe(large, FORMED, ReadMode.FRESH);
            return states(now).equals(Set.of(State.CURRENT)) && now.target().isPresent();
        });
        Observed after = platform.observe(large, FORMED, ReadMode.FRESH);
        Instance same = after.members().get(0).instance().orElseThrow();
        assertThat(same.uid()).isEqualTo(before.uid());
        assertThat(same.revision()).isEqualTo(after.target().orElseThrow().id());
        assertThat(after.members().get(0).serves()).isTrue();
    }

    @Test
    void thePasswordIsMadeOnceAndRotatedOnRequestAndMadeAgainWhenItIsLost() {
        String spec = "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}}";
        Desired first = desired("secretive", spec);
        apply(first);
        Map<String, String> made = secret("secretive-super");
        assertThat(made).containsOnlyKeys("password", "digest");
        apply(first);
        assertThat(secret("secretive-super")).as("made once").isEqualTo(made);
        Object template = template("secretive");

        Desired rotated = desired("secretive", spec.replace("voters: 1", "voters: 1, credentials: {rotation: 1}"));
        KubernetesPlatform later =
                new KubernetesPlatform(cluster.client, cluster.cache, TestCluster::ask, asked, Clock.systemUTC());
        Observed seen = later.observe(rotated, FORMED, ReadMode.FRESH);
        assertThat(object(seen, "Secret/secretive-super").state()).isEqualTo(State.OUTDATED);
        later.act(rotated, TestCluster.apply(rotated, seen));
        assertThat(secret("secretive-super"))
                .containsEntry("previous-password", made.get("password"))
                .doesNotContainEntry("password", made.get("password"));
        assertThat(template("secretive")).as("servers are restarted for it").isNotEqualTo(template);
        assertThat(states(later.observe(rotated, FORMED, ReadMode.FRESH))).containsExactly(State.CURRENT);
        later.act(rotated, new Step.Snapshot(1, new Member.HostPort("127.0.0.1", 2181), "3.9.5"));
        assertThat(asked.snapshots).containsExactly("member 1 at port 8080 with 2 passwords");

        Object rotatedTemplate = template("secretive");
        cluster.client
                .secrets()
                .inNamespace(cluster.namespace)
                .withName("secretive-super")
                .delete();
        KubernetesPlatform evenLater =
                new KubernetesPlatform(cluster.client, cluster.cache, TestCluster::ask, asked, Clock.systemUTC());
        Observed lost = evenLater.observe(rotated, FORMED, ReadMode.FRESH);
        assertThat(object(lost, "Secret/secretive-super").state()).isEqualTo(State.DRIFTED);
        evenLater.act(rotated, TestCluster.apply(rotated, lost));
        assertThat(secret("secretive-super")).containsKeys("password", "digest");
        assertThat(template("secretive")).isNotEqualTo(rotatedTemplate);

        TestCluster.await("the blank disk to be told", () -> member(first, 1)
                .instance()
                .filter(instance -> instance.disk() == Disk.BLANK)
                .filter(instance -> instance.message().contains("finds no data"))
                .isPresent());
    }

    @Test
    void aPodWhoseVolumeCannotBeMountedIsPendingWithTheReasonOfItsEvent() {
        Desired single = desired(
                "unmountable",
                "{version: 3.9.5, voters: 1, jvm: {heap: 64Mi}, storage: {size: 1Gi}, podTemplate: {spec: {"
                        + "volumes: [{name: x, secret: {secretName: not-there}}],"
                        + "containers: [{name: zookeeper, volumeMounts: [{name: x, mountPath: /x}]}]}}}");
        apply(single);

        TestCluster.await("the event", () -> pending(single)
                .filter(instance -> instance.reason().equals("FailedMount"))
                .filter(instance -> instance.message().contains("not-there"))
                .isPresent());
    }

    @Test
    void anAdmissionPolicyThatRefusesAnEvictionIsAGateWithItsWords() throws IOException {
        String path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic";
        String policy = EVICTION_POLICY.replace("NAMESPACE", cluster.namespace);
        String binding = EVICTION_BINDING.replace("NAMESPACE", cluster.namespace);
        cluster.client.raw(path + "ies", "POST", YAML.readTree(policy));
        cluster.client.raw(path + "ybindings", "POST", YAML.readTree(binding));
        try {
            Instance instance = instance(1);
            TestCluster.await("the policy to hold", () -> evictionIsRefused(instance));

            assertThat(restart(1, instance(1))).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
                assertThat(blocked.gate()).isEqualTo("eviction-refused");
                assertThat(blocked.reason()).contains("not during the sale");
            });
        } finally {
            cluster.client.raw(path + "ybindings/no-evictions-" + cluster.namespace, "DELETE", null);
            cluster.client.raw(path + "ies/no-evictions-" + cluster.namespace, "DELETE", null);
        }
    }

    private boolean evictionIsRefused(Instance instance) {
        try {
            cluster.client.raw(
                    "/api/v1/namespaces/" + cluster.namespace + "/pods/" + instance.name() + "/eviction?dryRun=All",
                    "POST",
                    new EvictionBuilder()
                            .withNewMetadata()
                            .withName(instance.name())
                            .endMetadata()
                            .withDeleteOptions(
                                    new DeleteOptionsBuilder().withDryRun("All").build())
                            .build());
            return false;
        } catch (KubernetesClientException e) {
            return e.getMessage().contains("not during the sale");
        }
    }

    private void apply(Desired wanted) {
        Observed seen = platform.observe(wanted, EnsembleStatus.empty(), ReadMode.FRESH);
        assertThat(platform.act(wanted, TestCluster.apply(wanted, seen))).isInstanceOf(Outcome.Applied.class);
    }

    private Outcome reconfigure(Step.Change change, int member, Membership from, Membership to) {
        Observed seen = look();
        return platform.act(
                desired,
                new Step.Reconfigure(
                        change,
                        member,
                        from,
                        to,
                        seen.addressOf(seen.leader().orElseThrow().id())));
    }

    private Membership committed() {
        return look().leader().orElseThrow().server().serving().orElseThrow().membership();
    }

    private Member member(Desired ensemble, int id) {
        return platform.observe(ensemble, FORMED, ReadMode.FRESH).members().get(id - 1);
    }

    private List<String> uids() {
        return look().members().stream()
                .filter(member -> member.id() <= 3)
                .map(member -> member.instance().orElseThrow().uid())
                .toList();
    }

    private Map<String, String> secret(String name) {
        return cluster.client
                .secrets()
                .inNamespace(cluster.namespace)
                .withName(name)
                .get()
                .getData();
    }

    private Object template(String set) {
        return cluster.client
                .apps()
                .statefulSets()
                .inNamespace(cluster.namespace)
                .withName(set)
                .get()
                .getSpec()
                .getTemplate();
    }

    private static ObjectState object(Observed seen, String label) {
        return seen.objects().stream()
                .filter(object -> object.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private Optional<Instance> pending(Desired single) {
        return platform.observe(single, EnsembleStatus.empty(), ReadMode.CACHED)
                .members()
                .get(0)
                .instance()
                .filter(instance -> instance.phase() == Phase.PENDING);
    }

    private Observed look() {
        return platform.observe(desired, FORMED, ReadMode.FRESH);
    }

    private Instance instance(int member) {
        return platform.observe(desired, FORMED, ReadMode.CACHED)
                .members()
                .get(member - 1)
                .instance()
                .orElseThrow();
    }

    private Outcome restart(int member, Instance instance) {
        return platform.act(desired, new Step.Restart(member, instance, false, List.of()));
    }

    private HasMetadata statefulSet() {
        return cluster.client
                .apps()
                .statefulSets()
                .inNamespace(cluster.namespace)
                .withName("kafka")
                .get();
    }

    private String log(int member) {
        return cluster.client
                .pods()
                .inNamespace(cluster.namespace)
                .withName(names.pod(member - 1))
                .getLog();
    }

    private void patch(String kind, String name, String patch) {
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

    private Map<String, String> versions() {
        return new FreshObjects(cluster.client)
                .read(names)
                .all()
                .filter(object -> !(object instanceof Pod))
                .collect(Collectors.toMap(
                        object -> object.getKind() + "/" + object.getMetadata().getName(),
                        object -> object.getMetadata().getResourceVersion()));
    }

    private static Set<State> states(Observed observed) {
        return observed.objects().stream().map(ObjectState::state).collect(Collectors.toSet());
    }

    private static Instance with(Instance instance, String uid, String version) {
        return with(instance.name(), instance, uid, version);
    }

    private static Instance with(String name, Instance instance, String uid, String version) {
        return new Instance(
                name,
                uid,
                version,
                instance.revision(),
                instance.aspects(),
                instance.phase(),
                instance.reason(),
                instance.message(),
                instance.ready(),
                instance.since(),
                instance.created(),
                instance.location(),
                Instance.Disk.FINE,
                Optional.empty(),
                Optional.empty());
    }

    private static void closed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException e) {
            LOG.debugf("reset counts as closed cause=%s", e.getMessage());
        }
    }

    /** Prints what a restart is made of, for the record. */
    private void measure(int member, Instance old, Instant asked, Duration untilClosed) {
        Instant created = when(() -> another(member, old).isPresent());
        Instant running = when(() -> another(member, old)
                .filter(instance -> instance.phase() == Phase.RUNNING)
                .isPresent());
        Instant serving = when(() -> platform.observe(desired, FORMED, ReadMode.CACHED)
                .members()
                .get(member - 1)
                .serves());
        Instant ready = when(() -> another(member, old).filter(Instance::ready).isPresent());
        LOG.infof(
                "restart closed=%d created=%d running=%d serving=%d ready=%d (ms after the eviction)",
                untilClosed.toMillis(),
                since(asked, created),
                since(asked, running),
                since(asked, serving),
                since(asked, ready));
    }

    private Optional<Instance> another(int member, Instance old) {
        return platform.observe(desired, FORMED, ReadMode.CACHED).members().get(member - 1).instance().stream()
                .filter(instance -> !instance.uid().equals(old.uid()))
                .findFirst();
    }

    private static Instant when(java.util.function.BooleanSupplier condition) {
        TestCluster.await("the next part of a restart", condition);
        return Instant.now();
    }

    private static long since(Instant start, Instant end) {
        return Duration.between(start, end).toMillis();
    }

    private Desired desired(String name, String spec) {
        try {
            return Desired.of(new EnsembleId(cluster.namespace, name), YAML.readValue(spec, EnsembleSpec.class), 1);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
