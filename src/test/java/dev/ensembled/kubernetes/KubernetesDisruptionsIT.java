package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** Restarts and replacements of servers, and what prevents them. */
class KubernetesDisruptionsIT extends FormedEnsembleFixture {
    private static final Logger LOG = Logger.getLogger(KubernetesDisruptionsIT.class);
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

    @Test
    void exhaustedBudgetBlocksARestartAndIsNamed() {
        Desired frozen = desired("kafka", SPEC.replace("voters: 3", "voters: 3, budget: {maxUnavailable: 0}"));
        platform.act(frozen, TestNamespace.apply(frozen, platform.observe(frozen, FORMED, ReadMode.FRESH)));
        TestNamespace.await("the budget to be seen", () -> probe().budgets().stream()
                .allMatch(budget -> budget.current() && budget.disruptionsAllowed() == 0));
        Instance instance = instance(1);

        Outcome outcome = restart(1, instance);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).hasToString("budget");
            assertThat(blocked.reason()).contains("kafka-budget");
        });
        assertThat(instance(1).uid()).isEqualTo(instance.uid());
        platform.act(desired, TestNamespace.apply(desired, probe()));
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
        try {
            TestNamespace.await(
                    "both budgets",
                    () -> probe().budgets().size() == 2
                            && probe().budgets().stream().allMatch(Budget::current));

            Outcome outcome = restart(1, instance(1));

            assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> assertThat(blocked.gate())
                    .isEqualTo(Gate.BUDGET));
        } finally {
            cluster.client
                    .policy()
                    .v1()
                    .podDisruptionBudget()
                    .inNamespace(cluster.namespace)
                    .withName("of-another-team")
                    .delete();
        }
    }

    @Test
    void podOtherThanTheObservedOneIsNotTouched() {
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

        Observed after = probe();
        assertThat(after.members().get(0).instance().orElseThrow().uid()).isEqualTo(instance.uid());
        assertThat(after.budgets().get(0).disruptionsAllowed())
                .as("a refused restart takes nothing from the budget")
                .isEqualTo(1);
    }

    @Test
    void restartReturnsTheServerWithItsOwnData() throws IOException {
        Member follower = probe().members().stream()
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
                .doesNotContain("has a permit");
    }

    @Test
    void aServerThatDoesNotServeIsReplaced() {
        Instance old = instance(3);

        assertThat(platform.act(desired, new Step.Replace(3, old, List.of()))).isInstanceOf(Outcome.Applied.class);

        TestNamespace.await("another life", () -> probe().members().get(2).instance().stream()
                .anyMatch(instance -> !instance.uid().equals(old.uid())));
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

        TestNamespace.await("the edit to be seen", () -> !instance(2).revision().equals(before.revision()));
        assertThat(instance(2).aspects().get("image"))
                .isNotEqualTo(before.aspects().get("image"));

        TestNamespace.await(
                "it to be replaced",
                () -> platform.act(desired, new Step.Replace(2, instance(2), List.of())) instanceof Outcome.Applied);
    }

    @Test
    void evictionRefusedByAnAdmissionPolicyIsAGate() throws IOException {
        String path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic";
        String policy = EVICTION_POLICY.replace("NAMESPACE", cluster.namespace);
        String binding = EVICTION_BINDING.replace("NAMESPACE", cluster.namespace);
        cluster.client.raw(path + "ies", "POST", YAML.readTree(policy));
        cluster.client.raw(path + "ybindings", "POST", YAML.readTree(binding));
        try {
            Instance instance = instance(1);
            TestNamespace.await("the policy to hold", () -> evictionIsRefused(instance));

            assertThat(restart(1, instance(1))).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
                assertThat(blocked.gate()).hasToString("eviction-refused");
                assertThat(blocked.reason()).contains("not during the sale");
            });
        } finally {
            cluster.client.raw(path + "ybindings/no-evictions-" + cluster.namespace, "DELETE", null);
            cluster.client.raw(path + "ies/no-evictions-" + cluster.namespace, "DELETE", null);
            // The API server goes on refusing for a moment, which the next test would see.
            TestNamespace.await("the policy to be gone", () -> !evictionIsRefused(instance(1)));
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

    private Outcome restart(int member, Instance instance) {
        return platform.act(desired, new Step.Restart(member, instance, false, List.of()));
    }

    private String log(int member) {
        return cluster.client
                .pods()
                .inNamespace(cluster.namespace)
                .withName(names.pod(member - 1))
                .getLog();
    }

    private static void closed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException e) {
            LOG.debugf("reset counts as closed cause=%s", e.getMessage());
        }
    }

    /** Prints the phases of a restart. */
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
        TestNamespace.await("the next part of a restart", condition);
        return Instant.now();
    }

    private static long since(Instant start, Instant end) {
        return Duration.between(start, end).toMillis();
    }
}
