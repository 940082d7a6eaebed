package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.ImageWebhook;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import dev.ensembled.kubernetes.store.SourceHistory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scenario 8: manual changes are repaired, and nothing is written when nothing has changed. */
class DriftIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    static final Stage STAGE = new Stage("drift");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("druid", 3).maxClientConnections(61);
        ensemble = STAGE.create(file);
    }

    @Test
    void changedOrDeletedServiceIsRestoredWithAnEvent() {
        Map<String, String> uids = ensemble.pods().uids();
        Resource<Service> service =
                STAGE.client().services().inNamespace(STAGE.namespace()).withName("druid");
        // When the port of the Service is changed by hand
        service.edit(s -> s.edit()
                .editSpec()
                .withPorts(new ServicePortBuilder(s.getSpec().getPorts().get(0))
                        .withPort(9999)
                        .build())
                .endSpec()
                .build());
        // Then it is repaired, and an Event names the field
        await("the port is back").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        service.get().getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getPort()).isEqualTo(2181)));
        await("an Event").atMost(TIMEOUT).untilAsserted(() -> assertThat(events())
                .anySatisfy(message -> assertThat(message).contains("Service", "druid", "port")));
        // When the Service is deleted by hand, then it is created again
        String uid = service.get().getMetadata().getUid();
        service.delete();
        await("a new Service").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(service.get()).isNotNull();
            assertThat(service.get().getMetadata().getUid()).isNotEqualTo(uid);
        });
        // And no server was restarted because of it
        assertThat(ensemble.pods().uids()).isEqualTo(uids);
    }

    private static List<String> events() {
        return STAGE.client().v1().events().inNamespace(STAGE.namespace()).list().getItems().stream()
                .filter(event -> event.getReason().equals("DriftRepaired"))
                .map(event -> event.getMessage())
                .toList();
    }

    @Test
    void changedStatefulSetIsRestoredWithoutARestart() {
        // When the image of the pods is changed by hand
        Map<String, String> uids = ensemble.pods().uids();
        STAGE.client()
                .apps()
                .statefulSets()
                .inNamespace(STAGE.namespace())
                .withName("druid")
                .edit(set -> set.edit()
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage("docker.io/library/zookeeper:3.9.4")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        // Then it is repaired
        await("the image is back").atMost(TIMEOUT).untilAsserted(() -> assertThat(image())
                .endsWith(":3.9.5"));
        // And the servers, which never ran the other image, are not restarted
        STAGE.nothingRestartsFor(Duration.ofSeconds(8), ensemble);
        assertThat(ensemble.pods().uids()).isEqualTo(uids);
        assertThat(ensemble.servesAtNewestRevision()).isTrue();
    }

    private static String image() {
        return ensemble.statefulSet()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }

    @Test
    @Tag("long")
    void imageChangeOfAWebhookIsNoEditAndThatOfAPersonIs() throws Exception {
        try (ImageWebhook webhook = new ImageWebhook(STAGE.client(), STAGE.namespace())) {
            // When an ensemble is created where a webhook rewrites images
            Ensemble rewritten = STAGE.create(STAGE.file("pinot", 1));
            // Then it settles with the rewritten image, and stays so
            assertThat(image("pinot-0")).isEqualTo("library/zookeeper:" + TestCluster.zooKeeperVersion());
            int rewrites = webhook.rewrites();
            STAGE.nothingRestartsFor(Duration.ofSeconds(8), rewritten);
            assertThat(rewritten.condition("Ready")).isEqualTo("True");
            assertThat(webhook.rewrites())
                    .as("no controller restores it")
                    .isPositive()
                    .isEqualTo(rewrites);
            // When a person sets the image of the running pod, then the pod is replaced by one with the right image
            String uid = rewritten.pods().uids().get("pinot-0");
            TestCluster.kubectl(
                            "set",
                            "image",
                            "--namespace",
                            STAGE.namespace(),
                            "pod/pinot-0",
                            "zookeeper=docker.io/library/zookeeper:no-such-version")
                    .run();
            await("another pod").atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> {
                assertThat(rewritten.pods().uids().get("pinot-0")).isNotEqualTo(uid);
                assertThat(image("pinot-0")).isEqualTo("library/zookeeper:" + TestCluster.zooKeeperVersion());
                assertThat(rewritten.condition("Ready")).isEqualTo("True");
            });
        }
    }

    private static String image(String pod) {
        return STAGE.client()
                .pods()
                .inNamespace(STAGE.namespace())
                .withName(pod)
                .get()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }

    @Test
    void removedOptOutOfArgoCdAndFluxIsRestored() {
        // Given all objects that Argo CD selects for an application with the name of the ensemble
        assertThat(selected(
                        "statefulsets,services,configmaps,poddisruptionbudgets,secrets,persistentvolumeclaims,pods"))
                .hasSize(1 + 2 + 2 + 1 + 1 + 3 + 3)
                // Then Argo CD would not prune, delete or report as out of sync any of them, and Flux would not touch
                // any
                .allSatisfy(object -> assertThat(
                                object.path("metadata").path("annotations").toString())
                        .as(object.path("kind").asText())
                        .contains(
                                "\"argocd.argoproj.io/sync-options\":\"Prune=false,Delete=false\"",
                                "\"argocd.argoproj.io/compare-options\":\"IgnoreExtraneous\"",
                                "\"kustomize.toolkit.fluxcd.io/prune\":\"disabled\"",
                                "\"kustomize.toolkit.fluxcd.io/reconcile\":\"disabled\""));
        // When the annotation is removed from a volume, then it is set again
        String claims = "kubectl -n " + STAGE.namespace() + " %s pvc data-druid-0 %s";
        TestCluster.shell(claims.formatted("annotate", "argocd.argoproj.io/sync-options-"));
        await("said again").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        TestCluster.shell(claims.formatted("get", "-o yaml")))
                .contains("argocd.argoproj.io/sync-options: Prune=false,Delete=false"));
    }

    private static List<JsonNode> selected(String kinds) {
        List<JsonNode> objects = new ArrayList<>();
        try {
            new ObjectMapper()
                    .readTree(TestCluster.shell("kubectl -n " + STAGE.namespace() + " get " + kinds
                            + " -l app.kubernetes.io/instance=druid -o json"))
                    .path("items")
                    .forEach(objects::add);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return objects;
    }

    @Test
    void repositoryOverridesAnEditOfTheResource() {
        // When the spec is edited in the cluster
        ensemble.resourceHandle().edit(resource -> {
            Map<String, Object> spec = resource.get("spec");
            spec.put("config", Map.of("maxClientCnxns", "99"));
            return resource;
        });
        // Then it matches the repository again, and the servers do too in the end
        await("the spec is back").atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        ensemble.resource().<Object>get("spec", "config", "maxClientCnxns"))
                .hasToString("61"));
        await("all is as pushed").atMost(TIMEOUT.multipliedBy(2)).untilAsserted(() -> {
            assertThat(ensemble.condition("Ready")).isEqualTo("True");
            assertThat(ensemble.everyServerHas("maxClientCnxns", "61")).isTrue();
            assertThat(ensemble.servesAtNewestRevision()).isTrue();
        });
    }

    @Test
    void pushWithoutAChangeWritesNothing() {
        // Given a settled ensemble
        await("settled").atMost(TIMEOUT).until(() -> ensemble.condition("Ready").equals("True"));
        STAGE.nothingRestartsFor(Duration.ofSeconds(3), ensemble);
        Map<String, String> versions = versions();
        // When a comment and an unrelated file are pushed, and fetched
        int fetches = STAGE.git().packsServed();
        STAGE.repository()
                .write("README.md", "About these ensembles\n")
                .write(file.path(), "# For Druid\n" + file.yaml())
                .push("Explain");
        STAGE.daemon().hint();
        await("fetched").atMost(TIMEOUT).until(() -> STAGE.git().packsServed() > fetches);
        // Then no object and no pod of an ensemble is written because of it
        await("nothing is written")
                .during(Duration.ofSeconds(8))
                .atMost(Duration.ofSeconds(12))
                .untilAsserted(() -> assertThat(versions()).isEqualTo(versions));
    }

    /** The resourceVersion of each object, without the record of the last commit, which each push changes. */
    private static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        String namespace = STAGE.namespace();
        Stream.of(
                        STAGE.client().services().inNamespace(namespace).list().getItems(),
                        STAGE.client()
                                .configMaps()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        STAGE.client().pods().inNamespace(namespace).list().getItems(),
                        STAGE.client()
                                .apps()
                                .statefulSets()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        STAGE.client()
                                .policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        List.of(ensemble.resource()))
                .<HasMetadata>flatMap(List::stream)
                .filter(object -> !object.getMetadata().getName().equals(SourceHistory.NAME))
                .forEach(object -> versions.put(
                        object.getKind() + "/" + object.getMetadata().getName(),
                        object.getMetadata().getResourceVersion()));
        return versions;
    }
}
