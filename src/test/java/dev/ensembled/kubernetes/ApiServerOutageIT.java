package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.parallel.Isolated;

/** Needs a cluster whose API server can be stopped: ENSEMBLED_TEST_CLUSTER names the command that stops it. */
@Isolated("breaks parts of the cluster")
@Tag("cluster")
@EnabledIfEnvironmentVariable(
        named = "ENSEMBLED_TEST_CLUSTER",
        matches = ".+",
        disabledReason = "this cluster's API server cannot be stopped by a test")
class ApiServerOutageIT {
    @Test
    void cacheRecoversAfterAnOutageAndNoCallHangs() throws Exception {
        try (TestNamespace cluster = new TestNamespace()) {
            Desired desired = Desired.of(new EnsembleId(cluster.namespace, "kafka"), spec(), 1);
            ObjectNames names = new ObjectNames(desired.id());
            KubernetesPlatform platform = new KubernetesPlatform(
                    cluster.client, cluster.cache, TestNamespace::ask, new Asked(), Clock.systemUTC());
            TestNamespace.await("all to be watched at first", cluster.cache::healthy);

            control("stop");
            try {
                Instant asked = Instant.now();
                assertThatThrownBy(() -> platform.observe(desired, EnsembleStatus.empty(), ReadMode.FRESH))
                        .isInstanceOf(RetryLaterException.class)
                        .hasMessageContaining("read the objects of " + desired.id());
                assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofMinutes(1));
                TestNamespace.await("the cache to know that it is blind", () -> !cluster.cache.healthy());
            } finally {
                control("start");
            }
            TestNamespace.await("a write to succeed", () -> created(cluster, names));

            TestNamespace.await("the cache to see it", () -> cluster.cache
                    .read(names)
                    .find("Service", names.clientService())
                    .isPresent());
            TestNamespace.await("all to be watched", cluster.cache::healthy);
        }
    }

    private static boolean created(TestNamespace cluster, ObjectNames names) {
        try {
            cluster.client
                    .resource(new ServiceBuilder()
                            .withNewMetadata()
                            .withNamespace(cluster.namespace)
                            .withName(names.clientService())
                            .withLabels(names.selector())
                            .endMetadata()
                            .withNewSpec()
                            .addNewPort()
                            .withPort(2181)
                            .endPort()
                            .endSpec()
                            .build())
                    .serverSideApply();
            return true;
        } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
            // Not up yet: polled until the deadline.
            return false;
        }
    }

    private static void control(String what) throws Exception {
        Process process = new ProcessBuilder(System.getenv("ENSEMBLED_TEST_CLUSTER"), what, "apiserver")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private static EnsembleSpec spec() throws Exception {
        return new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
                .readValue("{version: 3.9.5, voters: 1}", EnsembleSpec.class);
    }
}
