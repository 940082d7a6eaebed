package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.git.history.AcceptedCommit;
import dev.ensembled.kubernetes.client.KubernetesClients;
import dev.ensembled.kubernetes.store.SourceHistory;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The record in a real cluster, with the rights of k8s/base and no others. */
class HistoryInClusterIT {
    private static final Path RIGHTS = Path.of("../k8s/base/source-history.yaml");
    private static final AcceptedCommit FIRST =
            new AcceptedCommit("https://host/c", "branch \"main\"", "1".repeat(40), null);
    private static final AcceptedCommit SECOND =
            new AcceptedCommit("https://host/c", "semver \"1.x\"", "2".repeat(40), "v1.2.0");

    private final KubernetesClient administrator = KubernetesClients.of(Config.autoConfigure(null));
    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private KubernetesClient daemon;

    @BeforeEach
    void createNamespace() throws IOException {
        administrator
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        try (InputStream rights = Files.newInputStream(RIGHTS)) {
            administrator.load(rights).inNamespace(namespace).create();
        }
        administrator
                .rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName(SourceHistory.NAME)
                .edit(binding -> {
                    binding.getSubjects().get(0).setNamespace(namespace);
                    return binding;
                });
        Config config = new ConfigBuilder(administrator.getConfiguration())
                .withNamespace(namespace)
                .withImpersonateUsername("system:serviceaccount:" + namespace + ":ensembled")
                .build();
        daemon = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterEach
    void deleteNamespace() {
        daemon.close();
        administrator.namespaces().withName(namespace).delete();
        administrator.close();
    }

    @Test
    void recordSurvivesTheDaemonAndEachInstallationHasItsOwn() throws Exception {
        assertThat(HistoryInCluster.of(daemon, "prod", "default").read()).isEmpty();

        HistoryInCluster.of(daemon, "prod", "default").write(FIRST);
        HistoryInCluster.of(daemon, "another name of its own", "default").write(SECOND);
        HistoryInCluster restarted = HistoryInCluster.of(daemon, "prod", "default");
        assertThat(restarted.read()).contains(FIRST);
        restarted.write(SECOND);

        assertThat(HistoryInCluster.of(daemon, "prod", "default").read()).contains(SECOND);
        assertThat(HistoryInCluster.of(daemon, "another name of its own", "default")
                        .read())
                .contains(SECOND);
        assertThat(HistoryInCluster.of(daemon, "test", "default").read()).isEmpty();
    }

    @Test
    void theRecordOfAnotherDaemonIsNotOverwritten() throws Exception {
        HistoryInCluster frozen = HistoryInCluster.of(daemon, "prod", "default");
        HistoryInCluster leader = HistoryInCluster.of(daemon, "prod", "default");
        assertThat(frozen.read()).isEqualTo(leader.read());
        leader.write(SECOND);
        HistoryInCluster.of(daemon, "prod", "another-source").write(FIRST);

        assertThatIOException()
                .isThrownBy(() -> frozen.write(FIRST))
                .withMessageContaining("was written by another daemon");

        assertThat(leader.read()).contains(SECOND);
        leader.write(FIRST);
        assertThat(frozen.read()).contains(FIRST);
        frozen.write(SECOND);
    }

    @Test
    void damagedRecordIsAnErrorThatNamesItsPlace() {
        administrator
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(SourceHistory.NAME)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withData(Map.of("prod", "{\"commit\":\"123\"}"))
                        .build())
                .create();
        HistoryInCluster history = HistoryInCluster.of(daemon, "prod", "default");

        assertThatIOException().isThrownBy(history::read).withMessageContaining("not the JSON of an accepted commit");
        assertThat(history.place()).isEqualTo("key \"prod\" of ConfigMap " + namespace + "/ensembled-source-history");
    }

    @Test
    void withoutTheRightsTheErrorNamesTheRole() {
        administrator
                .rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName(SourceHistory.NAME)
                .delete();

        assertThatIOException()
                .isThrownBy(() -> HistoryInCluster.of(daemon, "prod", "default").read())
                .withMessageContaining("forbidden")
                .withMessageContaining("apply the Role ensembled-source-history");
    }

    @Test
    void theRightsAreForThisConfigMapOnly() {
        assertThatThrownBy(() -> daemon.configMaps()
                        .inNamespace(namespace)
                        .withName("another")
                        .get())
                .isInstanceOf(KubernetesClientException.class);
        assertThatThrownBy(() -> daemon.configMaps().inNamespace(namespace).list())
                .isInstanceOf(KubernetesClientException.class);
        assertThatThrownBy(() -> daemon.resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("another")
                                .withNamespace(namespace)
                                .endMetadata()
                                .build())
                        .serverSideApply())
                .isInstanceOf(KubernetesClientException.class);
        assertThatThrownBy(() -> daemon.configMaps()
                        .inNamespace(namespace)
                        .withName(SourceHistory.NAME)
                        .delete())
                .isInstanceOf(KubernetesClientException.class);
    }
}
