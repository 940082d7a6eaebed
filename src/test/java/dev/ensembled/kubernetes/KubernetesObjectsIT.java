package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.HandClock;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.FreshObjects;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.kubernetes.observe.DriftConflict;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.ObjectVersion;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** The objects of an ensemble: current, drifted, in a drift conflict, foreign and surplus. */
class KubernetesObjectsIT extends FormedEnsembleFixture {
    @Test
    void ensembleFormsUnderRestrictedPodSecurityOnSeparateNodes() {
        Observed seen = probe();

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

        for (ReadMode observed : ReadMode.values()) {
            assertThat(platform.observe(desired, FORMED, observed).objects())
                    .allSatisfy(object -> assertThat(object.state()).isEqualTo(State.CURRENT));
        }
        Outcome again = platform.act(desired, TestNamespace.apply(desired, probe()));

        assertThat(again).isInstanceOf(Outcome.Applied.class);
        assertThat(versions()).as("applying the same again changes nothing").isEqualTo(before);
    }

    @Test
    void changedFieldsAreNamedAndRestored() {
        patch("Service", "kafka", "{\"spec\":{\"selector\":{\"extra\":\"x\"},\"type\":\"NodePort\"}}");
        patch("PodDisruptionBudget", "kafka-budget", "{\"spec\":{\"maxUnavailable\":3}}");

        Observed seen = probe();

        assertThat(seen.objects().stream()
                        .filter(object -> object.state() != State.CURRENT)
                        .map(object -> object.in(ObjectVersion.NONE)))
                .containsExactlyInAnyOrder(
                        new ObjectState("Service", "kafka", State.DRIFTED, List.of("spec.selector.extra"), "a-person"),
                        new ObjectState(
                                "PodDisruptionBudget",
                                "kafka-budget",
                                State.DRIFTED,
                                List.of("spec.maxUnavailable"),
                                "a-person"));
        assertThat(platform.act(desired, TestNamespace.apply(desired, seen))).isInstanceOf(Outcome.Applied.class);
        assertThat(states(probe())).containsExactly(State.CURRENT);
    }

    @Test
    void changedTemplateHasNoTargetRevisionUntilItIsRestored() {
        String wanted = probe().target().orElseThrow().id();
        patch(
                "StatefulSet",
                "kafka",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"zookeeper\",\"env\":[{\"name\":\"SERVER_JVMFLAGS\",\"value\":\"-Xmx1m\"}]}]}}}}");

        Observed drifted = probe();

        assertThat(drifted.target()).isEmpty();
        assertThat(object(drifted, "StatefulSet/kafka").fields())
                .containsExactly("spec.template.spec.containers[zookeeper].env[SERVER_JVMFLAGS].value");
        platform.act(desired, TestNamespace.apply(desired, drifted));
        TestNamespace.await(
                "the same revision again",
                () -> probe().target().map(Revision::id).equals(Optional.of(wanted)));
    }

    @Test
    void deletedObjectIsDriftAndIsRestored() {
        cluster.client
                .services()
                .inNamespace(cluster.namespace)
                .withName("kafka")
                .delete();
        TestNamespace.await(
                "the cache to see it",
                () -> cluster.cache.read(names).find("Service", "kafka").isEmpty());

        Observed seen = probe();

        assertThat(object(seen, "Service/kafka"))
                .isEqualTo(new ObjectState("Service", "kafka", State.DRIFTED, List.of(), ""));
        platform.act(desired, TestNamespace.apply(desired, seen));
        assertThat(cluster.client
                        .services()
                        .inNamespace(cluster.namespace)
                        .withName("kafka")
                        .get())
                .isNotNull();
    }

    @Test
    void anObjectThatAnotherDaemonChangedIsNotOverwritten() {
        patch("Service", "kafka", "{\"spec\":{\"selector\":{\"extra\":\"x\"}}}");
        Observed before = probe();
        patch("Service", "kafka", "{\"spec\":{\"selector\":{\"extra\":\"y\"}}}");
        String version = service().getMetadata().getResourceVersion();

        assertStale(another().act(desired, TestNamespace.apply(desired, before)), "Service/kafka was changed");

        assertThat(service().getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(another().act(desired, TestNamespace.apply(desired, probe())))
                .isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void anObjectThatAnotherDaemonCreatedOrReplacedIsNotOverwritten() {
        Observed current = probe();
        cluster.client.resource(service()).delete();
        Observed absent = probe();
        assertThat(another().act(desired, TestNamespace.apply(desired, absent))).isInstanceOf(Outcome.Applied.class);
        String version = service().getMetadata().getResourceVersion();

        assertStale(another().act(desired, TestNamespace.apply(desired, absent)), "Service/kafka was created");
        assertStale(another().act(desired, TestNamespace.apply(desired, current)), "Service/kafka was replaced");

        assertThat(service().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void anObjectThatAnotherDaemonDeletedIsNotCreatedAgain() {
        Observed before = probe();
        cluster.client.resource(service()).delete();

        assertStale(another().act(desired, TestNamespace.apply(desired, before)), "Service/kafka was deleted");

        assertThat(service()).isNull();
        assertThat(another().act(desired, TestNamespace.apply(desired, probe())))
                .isInstanceOf(Outcome.Applied.class);
    }

    /** Between the last read and the write there is no decision: only the API server can refuse the write. */
    @Test
    void aWriteIsRefusedIfAnythingHappensAfterTheLastRead() {
        Service read = service();
        assertConflict(() -> applied(Optional.empty()));
        patch("Service", "kafka", "{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}");
        assertConflict(() -> applied(Optional.of(read)));
        cluster.client.resource(read).delete();
        assertConflict(() -> applied(Optional.of(read)));
        assertThat(service()).as("not created again").isNull();

        another().act(desired, TestNamespace.apply(desired, probe()));
        assertConflict(() -> applied(Optional.of(read)));
        assertConflict(() -> Precondition.delete(cluster.client, read));
        assertThat(service()).isNotNull();
        assertThat(probe().objects()).extracting(ObjectState::state).containsOnly(State.CURRENT);
    }

    @Test
    void anObjectWithoutOurLabelsWhichNoWatchContainsIsRepaired() {
        patch("Service", "kafka", "{\"metadata\":{\"labels\":null}}");
        TestNamespace.await(
                "the cache to lose it",
                () -> cluster.cache.read(names).find("Service", "kafka").isEmpty());

        Observed cached = another().observe(desired, FORMED, ReadMode.CACHED);

        assertThat(object(cached, "Service/kafka").version()).isEqualTo(ObjectVersion.NONE);
        assertThat(another().act(desired, TestNamespace.apply(desired, cached))).isInstanceOf(Outcome.Applied.class);
        assertThat(states(probe())).containsExactly(State.CURRENT);
    }

    @Test
    void anOlderScaleDownDeletesNoVolumes() {
        Desired fewer = desired("kafka", SPEC.replace("size: 1Gi", "size: 1Gi, deletionPolicy: Delete"));

        Outcome outcome = platform.act(fewer, new Step.ScaleDown(new Observed.Replicas(3, "1"), 2, List.of(3)));

        assertStale(outcome, "StatefulSet/kafka changed");
        assertThat(cluster.client
                        .persistentVolumeClaims()
                        .inNamespace(cluster.namespace)
                        .withName("data-kafka-2")
                        .get()
                        .getMetadata()
                        .getDeletionTimestamp())
                .isNull();
    }

    /** Another daemon, for which no object is in a drift conflict. */
    private KubernetesPlatform another() {
        return new KubernetesPlatform(
                cluster.client, cluster.cache, TestNamespace::ask, new Asked(), Clock.systemUTC());
    }

    private static void assertStale(Outcome outcome, String subject) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Stale.class, stale -> assertThat(stale.reason())
                .startsWith(subject));
    }

    private static void assertConflict(ThrowableAssert.ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(KubernetesClientException.class, refused -> assertThat(
                        new ApiFailure(refused).isConflict())
                .as(refused.getMessage())
                .isTrue());
    }

    private Service applied(Optional<Service> read) {
        Service wanted = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(cluster.namespace)
                .withName("kafka")
                .endMetadata()
                .withNewSpec()
                .addToSelector("stale", "yes")
                .endSpec()
                .build();
        return cluster.client
                .resource(Precondition.on(read, wanted))
                .fieldManager("ensembled")
                .forceConflicts()
                .serverSideApply();
    }

    private Service service() {
        return cluster.client
                .services()
                .inNamespace(cluster.namespace)
                .withName("kafka")
                .get();
    }

    @Test
    void conflictOverAFieldPausesItsRepair() {
        HandClock clock = new HandClock(Instant.now());
        KubernetesPlatform patient =
                new KubernetesPlatform(cluster.client, cluster.cache, TestNamespace::ask, new Asked(), clock);
        String change = "{\"spec\":{\"ports\":[{\"port\":2181,\"name\":\"hijacked\"}]}}";
        for (int i = 0; i < DriftConflict.REPAIRS; i++) {
            patch("Service", "kafka-headless", change);
            Observed drifted = patient.observe(desired, FORMED, ReadMode.FRESH);
            assertThat(object(drifted, "Service/kafka-headless").state()).isEqualTo(State.DRIFTED);
            patient.act(desired, TestNamespace.apply(desired, drifted));
        }
        patch("Service", "kafka-headless", change);

        assertThat(object(patient.observe(desired, FORMED, ReadMode.FRESH), "Service/kafka-headless")
                        .in(ObjectVersion.NONE))
                .isEqualTo(new ObjectState(
                        "Service",
                        "kafka-headless",
                        State.DRIFT_CONFLICT,
                        List.of("spec.ports[2181].name"),
                        "a-person"));

        clock.advance(DriftConflict.WINDOW);
        Observed tried = patient.observe(desired, FORMED, ReadMode.FRESH);
        assertThat(object(tried, "Service/kafka-headless").state()).isEqualTo(State.DRIFTED);
        patient.act(desired, TestNamespace.apply(desired, tried));
    }

    @Test
    void immutableFieldIsReportedAndLeftUnchanged() {
        Desired elsewhere = desired("kafka", SPEC.replace("size: 1Gi", "size: 1Gi, storageClassName: other"));
        Observed seen = platform.observe(elsewhere, FORMED, ReadMode.CACHED);
        String uid = statefulSet().getMetadata().getUid();

        Outcome outcome = platform.act(elsewhere, TestNamespace.apply(elsewhere, seen));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).hasToString("immutable-field");
            assertThat(blocked.reason())
                    .contains("spec.volumeClaimTemplates[data].spec.storageClassName", "previous value");
        });
        assertThat(statefulSet().getMetadata().getUid()).isEqualTo(uid);
    }

    @Test
    void objectOfAnotherOwnerIsNotTakenOver() {
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
                solr, TestNamespace.apply(solr, platform.observe(solr, EnsembleStatus.empty(), ReadMode.FRESH)));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).hasToString("foreign-object");
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
    void unusedConfigMapIsSurplusAndIsDeleted() {
        Desired other = desired("kafka", SPEC.replace("'2'", "'3'"));
        Observed seen = platform.observe(other, FORMED, ReadMode.CACHED);
        assertThat(seen.objects().stream()
                        .filter(object -> object.kind().equals("ConfigMap"))
                        .map(ObjectState::state))
                .as("new, hence not drifted")
                .containsExactly(State.MISSING);
        assertThat(object(seen, "StatefulSet/kafka").state()).isEqualTo(State.OUTDATED);
        platform.act(other, TestNamespace.apply(other, seen));
        assertThat(states(platform.observe(other, FORMED, ReadMode.FRESH)))
                .as("the pods still use the old one")
                .doesNotContain(State.SURPLUS);
        platform.act(desired, TestNamespace.apply(desired, probe()));

        TestNamespace.await("the other one to be surplus", () -> states(probe()).contains(State.SURPLUS));
        platform.act(
                desired,
                new Step.Apply(
                        probe().objects().stream()
                                .filter(object -> object.state() == State.SURPLUS)
                                .toList(),
                        3));

        assertThat(states(probe())).containsExactly(State.CURRENT);
        assertThat(cluster.client
                        .configMaps()
                        .inNamespace(cluster.namespace)
                        .withLabels(names.selector())
                        .list()
                        .getItems())
                .hasSize(1);
    }

    private HasMetadata statefulSet() {
        return cluster.client
                .apps()
                .statefulSets()
                .inNamespace(cluster.namespace)
                .withName("kafka")
                .get();
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
}
