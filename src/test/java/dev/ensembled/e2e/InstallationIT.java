package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.NarrowInstallation;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests in k8s/: the API server accepts them, and the daemon has the rights that it needs and no others. */
class InstallationIT {
    @RegisterExtension
    static final Stage STAGE = new Stage("install").withoutAccessFromTheNetwork();

    @Test
    void theOverlayForTheWholeClusterIsAccepted() throws IOException {
        // Given the overlay, in a namespace that exists
        Path overlay = TestCluster.output().resolve("e2e").resolve(STAGE.namespace() + "-cluster");
        Files.createDirectories(overlay);
        Files.writeString(
                overlay.resolve("kustomization.yaml"),
                "namespace: %s%nresources: [%s]%n"
                        .formatted(
                                STAGE.namespace(),
                                overlay.relativize(TestCluster.root().resolve("k8s/overlays/cluster"))));
        // When the API server validates it (dry run)
        String answer = TestCluster.kubectl(
                        "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-k", overlay.toString())
                .run();
        // Then it is accepted, with rights in all namespaces
        assertThat(answer)
                .contains("clusterrole.rbac.authorization.k8s.io/ensembled")
                .contains("clusterrolebinding.rbac.authorization.k8s.io/ensembled")
                .contains("deployment.apps/ensembled");
    }

    @ParameterizedTest
    @CsvSource({
        "get,    '',            secrets,                true",
        "list,   '',            secrets,                false",
        "delete, '',            secrets,                false",
        "patch,  '',            persistentvolumeclaims, true",
        "delete, '',            persistentvolumeclaims, false",
        "patch,  '',            pods,                   true",
        "create, '',            pods,                   false",
        "delete, '',            pods,                   true",
        "patch,  apps,          statefulsets,           true",
        "update, apps,          statefulsets,           false",
        "patch,  ensembled.dev, zookeeperensembles,     true",
        "get,    '',            events,                 true",
    })
    void daemonHasExactlyTheRightsItNeedsInItsNamespace(String verb, String group, String resource, boolean may) {
        assertThat(allowed(STAGE.namespace(), verb, group, resource)).isEqualTo(may);
    }

    @Test
    void theDaemonMayDoNothingInOtherNamespaces() {
        assertThat(allowed("default", "get", "", "pods")).isFalse();
        assertThat(allowed("default", "patch", "apps", "statefulsets")).isFalse();
    }

    @Test
    void recommendedOverlayHasRightsOnItsNamespacesOnly() {
        String home = STAGE.namespace() + "-home";
        List<String> namespaces = List.of(STAGE.namespace() + "-a", STAGE.namespace() + "-b");
        try (NarrowInstallation daemon = new NarrowInstallation(STAGE.client(), home, namespaces, "pinot-zk")) {
            // When ensembles are applied in both of its namespaces, and one more whose Secret no Role names
            for (String namespace : namespaces) {
                apply(namespace, "pinot-zk");
            }
            apply(namespaces.get(0), "forgotten");
            // Then the first two run with the Roles alone
            for (String namespace : namespaces) {
                TestCluster.kubectl("wait", "-n", namespace, "zke/pinot-zk", "--for=condition=Ready", "--timeout=120s")
                        .within(Duration.ofMinutes(3))
                        .run();
            }
            // And the missing right of the third is reported, with what to do
            await("the missing right is named").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            daemon.health())
                    .contains("forgotten-super", "which the daemon's Role must include"));
            // And the daemon has no other rights
            for (String namespace : namespaces) {
                assertThat(allowed(daemon.user(), namespace, "get", "", "secrets", "pinot-zk-super"))
                        .isTrue();
                assertThat(allowed(daemon.user(), namespace, "get", "", "secrets", "another"))
                        .isFalse();
                assertThat(allowed(daemon.user(), namespace, "patch", "", "secrets", "another"))
                        .isFalse();
                assertThat(allowed(daemon.user(), namespace, "list", "", "secrets", ""))
                        .isFalse();
                assertThat(allowed(daemon.user(), namespace, "delete", "", "persistentvolumeclaims", "data-pinot-zk-0"))
                        .isFalse();
            }
            for (String elsewhere : List.of(home, "default", "kube-system")) {
                assertThat(allowed(daemon.user(), elsewhere, "get", "", "secrets", "pinot-zk-super"))
                        .isFalse();
                assertThat(allowed(daemon.user(), elsewhere, "patch", "apps", "statefulsets", "pinot-zk"))
                        .isFalse();
                assertThat(allowed(daemon.user(), elsewhere, "list", "", "pods", ""))
                        .isFalse();
            }
        }
    }

    private static void apply(String namespace, String name) {
        STAGE.client()
                .load(new ByteArrayInputStream(
                        new EnsembleFile(namespace, name, STAGE.file(name, 1).spec())
                                .yaml()
                                .getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/ensembles", "/q/health", "/q/health/well"})
    void otherPodsCannotReadThePageNorTheHealthDetails(String path) {
        assertThat(STAGE.daemon().get(path)).contains("kubectl port-forward").doesNotContain("git source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void otherPodsGetOnlyTheOutcomeOfTheProbes(String probe) {
        assertThat(STAGE.daemon().get("/q/health/" + probe)).isEqualTo("{\"status\": \"UP\"}\n");
    }

    @Test
    void portForwardOfThePodReadsEverything() throws Exception {
        String pod = STAGE.daemon().pod().orElseThrow().getMetadata().getName();
        try (LocalPortForward forward = STAGE.client()
                .pods()
                .inNamespace(STAGE.namespace())
                .withName(pod)
                .portForward(8080)) {
            assertThat(get(forward, "/")).contains("No ensembles yet");
            assertThat(get(forward, "/q/health/well")).contains("git source");
        }
    }

    private static String get(LocalPortForward forward, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static boolean allowed(String namespace, String verb, String group, String resource) {
        return allowed(
                "system:serviceaccount:" + STAGE.namespace() + ":ensembled", namespace, verb, group, resource, "");
    }

    private static boolean allowed(
            String user, String namespace, String verb, String group, String resource, String name) {
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user)
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .withName(name)
                .endResourceAttributes()
                .endSpec()
                .build();
        return STAGE.client()
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }
}
