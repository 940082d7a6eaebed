package dev.ensembled.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.ensembled.kubernetes.client.KubernetesClients;
import dev.ensembled.leadership.Hint;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.leadership.LeaseLeadership;
import dev.ensembled.leadership.LeaseTimes;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas that share a Lease in a real cluster, with the rights of the component high-availability and no others. */
class KubernetesLeaseIT {
    private static final Path COMPONENT = Path.of("../k8s/components/high-availability/lease.yaml");
    private static final String LEASE = "ensembled-leader";
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofSeconds(4), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(200));
    private static final Duration LONG = Duration.ofMinutes(1);

    private final KubernetesClient administrator = KubernetesClients.of(Config.autoConfigure(null));
    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Replica> replicas = new ArrayList<>();

    /** A replica, and what it was told. */
    private final class Replica implements Leadership.Listener {
        private final LeaseLeadership leadership;
        private final List<Hint> hints = new CopyOnWriteArrayList<>();
        private volatile boolean lost;

        Replica(String identity) {
            this(identity, TIMES);
        }

        Replica(String identity, LeaseTimes times) {
            leadership = new LeaseLeadership(
                    new KubernetesLease(client(), namespace, LEASE), identity, times, Clock.systemUTC());
            replicas.add(this);
            leadership.start(this);
        }

        boolean mayAct() {
            return leadership.refusal().isEmpty();
        }

        @Override
        public void leads() {}

        @Override
        public void lost() {
            lost = true;
        }

        @Override
        public void hinted(Hint hint) {
            hints.add(hint);
        }
    }

    @BeforeEach
    void install() throws Exception {
        administrator
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        // Kustomize adds the namespace of the subject, which is at the end
        String component = Files.readString(COMPONENT)
                        .replace("ensembled-system", namespace)
                        .stripTrailing() + "\n    namespace: " + namespace;
        administrator
                .load(new ByteArrayInputStream(component.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    @AfterEach
    void remove() {
        replicas.forEach(replica -> replica.leadership.close(false));
        administrator.namespaces().withName(namespace).delete();
        administrator.close();
    }

    private KubernetesClient client() {
        return KubernetesClients.of(new ConfigBuilder(Config.autoConfigure(null))
                .withNamespace(namespace)
                .withImpersonateUsername("system:serviceaccount:" + namespace + ":ensembled")
                .build());
    }

    @Test
    void oneOfTwoLeadsAndHandsOverAtOnceWhenItEnds() {
        // Given a lease that does not expire during this test
        LeaseTimes longer = new LeaseTimes(Duration.ofHours(1), TIMES.renewWithin(), TIMES.call(), TIMES.retry());
        Replica first = new Replica("first", longer);
        await("the first one leads").atMost(LONG).until(first::mayAct);
        Replica second = new Replica("second", longer);
        await("the second one follows")
                .atMost(LONG)
                .until(() -> second.leadership.leader().equals(Optional.of("first")));
        await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> first.mayAct() && !second.mayAct());

        first.leadership.close(true);

        assertThat(first.mayAct()).isFalse();
        await("the second one leads").atMost(LONG).until(second::mayAct);
        LeaseSpec lease = administrator
                .leases()
                .inNamespace(namespace)
                .withName(LEASE)
                .get()
                .getSpec();
        assertThat(lease.getHolderIdentity()).isEqualTo("second");
        assertThat(lease.getLeaseTransitions()).isEqualTo(2);
    }

    @Test
    void leaseOfAReplicaThatEndedWithoutAWordIsTakenOverWhenItHasExpired() {
        Replica first = new Replica("first");
        await("the first one leads").atMost(LONG).until(first::mayAct);
        Replica second = new Replica("second");
        await("the second one follows")
                .atMost(LONG)
                .until(() -> second.leadership.leader().isPresent());

        long ended = System.nanoTime();
        first.leadership.close(false);
        await("the second one leads")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(second::mayAct);

        // The last renewal was at most one pause before the end
        assertThat(Duration.ofNanos(System.nanoTime() - ended))
                .isGreaterThan(TIMES.duration().minus(TIMES.retry().multipliedBy(3)));
    }

    @Test
    void leaderWhoseLeaseAnotherReplicaHoldsHasLost() {
        Replica first = new Replica("first");
        await("the first one leads").atMost(LONG).until(first::mayAct);

        administrator.leases().inNamespace(namespace).withName(LEASE).edit(lease -> {
            lease.getSpec().setHolderIdentity("another");
            return lease;
        });

        await("it has lost").atMost(LONG).until(() -> first.lost);
        assertThat(first.mayAct()).isFalse();
    }

    @Test
    void hintReachesTheLeader() {
        Replica first = new Replica("first");
        await("the first one leads").atMost(LONG).until(first::mayAct);
        Replica second = new Replica("second");

        Hint hint = new Hint(Hint.Kind.FETCH, "default");
        second.leadership.pass(hint);
        await("the hint arrives").atMost(LONG).until(() -> first.hints.equals(List.of(hint)));
        second.leadership.pass(new Hint(Hint.Kind.PULL_REQUESTS, "team-a"));
        second.leadership.pass(hint);
        await("all hints arrive").atMost(LONG).until(() -> first.hints.size() == 3);
        assertThat(first.mayAct()).isTrue();
        assertThat(first.hints).contains(new Hint(Hint.Kind.PULL_REQUESTS, "team-a"));
    }

    @Test
    void withoutTheLeaseNoReplicaLeadsAndTheReasonIsReported() {
        administrator.leases().inNamespace(namespace).withName(LEASE).delete();
        Replica first = new Replica("first");

        await("reported").atMost(LONG).until(() -> first.leadership.problem().isPresent());
        assertThat(first.leadership.problem().orElseThrow())
                .contains(
                        "Lease " + namespace + "/ensembled-leader does not exist", "k8s/components/high-availability");
        assertThat(first.mayAct()).isFalse();
    }

    @Test
    void withoutTheRightTheReasonSaysWhichRole() {
        administrator
                .rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("ensembled-lease")
                .delete();
        try (KubernetesLease lease = new KubernetesLease(client(), namespace, LEASE)) {
            await("the API server has noticed").atMost(LONG).untilAsserted(() -> assertThatIOException()
                    .isThrownBy(lease::read)
                    .withMessageContaining("apply the Role ensembled-lease"));
        }
    }

    @Test
    void clientSendsNoChangeWhileTheFenceRefuses() {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("map")
                .endMetadata()
                .build();
        AtomicReference<String> refusal = new AtomicReference<>("this replica does not lead");
        try (KubernetesClient fenced = KubernetesClients.fenced(() -> Optional.ofNullable(refusal.get()))) {
            assertThatExceptionOfType(KubernetesClientException.class)
                    .isThrownBy(() -> fenced.resource(map).create())
                    .withMessageContaining("not sent: this replica does not lead");
            assertThat(administrator.resource(map).get()).isNull();
            // Reading and dry runs change nothing
            assertThat(fenced.configMaps()
                            .inNamespace(namespace)
                            .withName("map")
                            .get())
                    .isNull();
            assertThat(fenced.resource(map).dryRun(true).create()).isNotNull();

            refusal.set(null);
            fenced.resource(map).create();
            refusal.set("this replica is stopping");
            assertThatExceptionOfType(KubernetesClientException.class)
                    .isThrownBy(() -> fenced.resource(map).delete());
            assertThat(administrator.resource(map).get()).isNotNull();
        }
    }
}
