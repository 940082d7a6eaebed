package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What k8s/ installs: an API server accepts it, and the daemon may do what it must and no more. */
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
        // When the API server is asked to take it
        String answer = TestCluster.kubectl(
                        "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-k", overlay.toString())
                .run();
        // Then it would, with rights in all namespaces
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
    void theDaemonMayDoInItsNamespaceWhatItMustAndNoMore(String verb, String group, String resource, boolean may) {
        assertThat(allowed(STAGE.namespace(), verb, group, resource)).isEqualTo(may);
    }

    @Test
    void theDaemonMayDoNothingInOtherNamespaces() {
        assertThat(allowed("default", "get", "", "pods")).isFalse();
        assertThat(allowed("default", "patch", "apps", "statefulsets")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/ensembles", "/q/health", "/q/health/well"})
    void othersInTheClusterCannotReadThePageNorWhatHealthTells(String path) {
        assertThat(STAGE.daemon().get(path)).contains("kubectl port-forward").doesNotContain("git source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void othersInTheClusterGetTheOutcomeOfTheProbesOnly(String probe) {
        assertThat(STAGE.daemon().get("/q/health/" + probe)).isEqualTo("{\"status\": \"UP\"}\n");
    }

    @Test
    void whoeverMayForwardAPortOfThePodReadsAll() throws Exception {
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
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + STAGE.namespace() + ":ensembled")
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
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
