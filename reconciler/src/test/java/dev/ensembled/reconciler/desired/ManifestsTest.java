package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final String MINIMAL = """
            version: 3.9.5
            voters: 3
            """;

    private static final String FULL =
            """
            version: 3.9.5
            image: registry.example.com/zookeeper:3.9.5
            voters: 3
            observers: 1
            config: {tickTime: "1000", maxClientCnxns: "100"}
            jvm: {heap: 1Gi, options: ["-XX:+UseZGC"]}
            storage: {size: 20Gi, storageClassName: fast, log: {size: 5Gi, storageClassName: faster}}
            placement: {spreadBy: [kubernetes.io/hostname, topology.kubernetes.io/zone], required: true}
            budget: {maxUnavailable: 0}
            podTemplate:
              metadata:
                labels: {team: streaming, app.kubernetes.io/instance: hijacked}
                annotations: {prometheus.io/scrape: "true"}
              spec:
                serviceAccountName: zookeeper
                tolerations: [{key: dedicated, operator: Exists}]
                containers:
                - name: zookeeper
                  image: hijacked
                  command: [hijacked]
                  env:
                  - {name: TZ, value: UTC}
                  - {name: SERVER_JVMFLAGS, value: hijacked}
                  volumeMounts:
                  - {name: extra, mountPath: /extra}
                  - {name: extra, mountPath: /data}
                  resources: {limits: {cpu: "2"}}
                - name: exporter
                  image: registry.example.com/exporter:1
                  ports: [{name: metrics, containerPort: 9141}]
                volumes:
                - {name: extra, emptyDir: {}}
                - {name: logs, emptyDir: {sizeLimit: 1Gi}}
            """;

    @ParameterizedTest
    @CsvSource({"minimal", "full"})
    void manifestsEqualTheGoldenFile(String name) throws IOException {
        List<HasMetadata> objects = manifests(name.equals("full") ? FULL : MINIMAL);

        StringBuilder text = new StringBuilder();
        for (HasMetadata object : objects) {
            text.append("---\n").append(YAML.writeValueAsString(CanonicalJson.tree(object)));
        }

        Path golden = GOLDEN.resolve("manifests-" + name + ".yaml");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, text);
        }
        assertThat(text.toString())
                .as("rendered manifests; if the change is wanted, run the tests with -Dgolden.update=true and review")
                .isEqualTo(Files.readString(golden));
    }

    @Test
    void statefulSetIsAppliedLast() {
        assertThat(manifests(MINIMAL))
                .extracting(HasMetadata::getKind)
                .containsExactly("ConfigMap", "Service", "Service", "PodDisruptionBudget", "StatefulSet");
    }

    @Test
    void deletingTheResourceDoesNotCollectTheEnsemble() {
        assertThat(manifests(FULL))
                .allSatisfy(object ->
                        assertThat(object.getMetadata().getOwnerReferences()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config: {tickTime: '1500'} | CONFIG_CHANGED",
                "image: other:1 | IMAGE_CHANGED",
                "version: 3.9.4 | IMAGE_CHANGED",
                "jvm: {options: ['-XX:+UseZGC']} | JVM_CHANGED",
                "jvm: {heap: 1Gi} | JVM_CHANGED,RESOURCES_CHANGED",
                "podTemplate: {spec: {containers: [{name: zookeeper, resources: {requests: {cpu: '1'}}}]}} | RESOURCES_CHANGED",
                "podTemplate: {metadata: {labels: {a: b}}} | POD_TEMPLATE_CHANGED",
                "podTemplate: {spec: {containers: [{name: zookeeper, env: [{name: A, value: b}]}]}} | POD_TEMPLATE_CHANGED",
                "placement: {spreadBy: []} | POD_TEMPLATE_CHANGED",
                "storage: {log: {size: 1Gi}} | POD_TEMPLATE_CHANGED",
                "credentials: {rotation: 1} | CREDENTIALS_CHANGED",
                "metrics: {port: 7000} | CONFIG_CHANGED,POD_TEMPLATE_CHANGED",
                "voters: 5 | ''",
                "observers: 2 | ''",
                "storage: {size: 20Gi} | ''",
                "budget: {maxUnavailable: 0} | ''",
                "rollout: {paused: true} | ''",
                "deletionPolicy: Delete | ''",
                "observers: 0 | ''",
            })
    void changeShowsInItsOwnAspectsOnly(String change, String reasons) throws IOException {
        Map<String, String> before = aspects(MINIMAL);

        Map<String, String> after = aspects(merged(MINIMAL, change));

        assertThat(Arrays.stream(RestartReason.values())
                        .filter(reason -> !Objects.equals(before.get(reason.aspect()), after.get(reason.aspect())))
                        .map(Enum::name)
                        .collect(Collectors.joining(",")))
                .isEqualTo(reasons);
    }

    @Test
    void fieldsThatPodsDoNotNeedDoNotChangeTheTemplate() throws IOException {
        String changed =
                merged(MINIMAL, "{budget: {maxUnavailable: 0}, rollout: {paused: true}, deletionPolicy: Delete}");

        assertThat(template(changed)).isEqualTo(template(MINIMAL));
    }

    @Test
    void scalingDoesNotTouchExistingPods() throws IOException {
        assertThat(template(merged(MINIMAL, "{voters: 5, observers: 2}"))).isEqualTo(template(MINIMAL));
        assertThat(manifests(merged(MINIMAL, "{voters: 5, observers: 2}")).get(0))
                .as("the files")
                .isEqualTo(manifests(MINIMAL).get(0));
    }

    @Test
    void treesAreThoseOfTheObjects() throws IOException {
        String spec = merged(
                MINIMAL,
                "{podTemplate: {spec: {terminationGracePeriodSeconds: 60, containers: [{name: zookeeper, resources:"
                        + " {limits: {cpu: 1}, requests: {cpu: 0.5}}}, {name: sidecar, image: x, ports: [{containerPort: 1}],"
                        + " livenessProbe: {httpGet: {port: 1}}}]}}}");
        Desired desired = Desired.of(new EnsembleId("streaming", "kafka"), YAML.readValue(spec, EnsembleSpec.class), 1);

        assertThat(Manifests.trees(desired))
                .extracting(JsonNode::toString)
                .containsExactlyElementsOf(Manifests.of(desired).objects().stream()
                        .map(object -> CanonicalJson.tree(object).toString())
                        .toList());
    }

    @Test
    void changedCredentialsShowInTheirAspectWithoutTheirValue() throws IOException {
        Desired desired =
                Desired.of(new EnsembleId("streaming", "kafka"), YAML.readValue(MINIMAL, EnsembleSpec.class), 1);

        String one = Manifests.of(desired, new Shape(3, Map.of(), "aaaa")).toString();
        String other = Manifests.of(desired, new Shape(3, Map.of(), "bbbb")).toString();

        assertThat(one).isNotEqualTo(other).doesNotContain("aaaa");
    }

    @Test
    void statefulSetsOfDifferentShapesDifferInTheirShape() throws IOException {
        Desired desired =
                Desired.of(new EnsembleId("streaming", "kafka"), YAML.readValue(MINIMAL, EnsembleSpec.class), 1);

        JsonNode set = CanonicalJson.tree(Manifests.of(desired, new Shape(4, Map.of("data", 5L << 30)))
                .objects()
                .get(4));

        assertThat(set.at("/spec/replicas").asInt()).isEqualTo(4);
        assertThat(set.at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo(String.valueOf(5L << 30));
    }

    @Test
    void changedConfigurationIsANewConfigMap() throws IOException {
        String changed = merged(MINIMAL, "config: {tickTime: '1500'}");

        assertThat(manifests(changed).get(0).getMetadata().getName())
                .isNotEqualTo(manifests(MINIMAL).get(0).getMetadata().getName());
        assertThat(template(changed).toString())
                .contains(manifests(changed).get(0).getMetadata().getName());
    }

    @Test
    void userTemplateOverridesOursExceptWhatServersDependOn() {
        JsonNode pod = template(FULL).path("spec");

        JsonNode server = PodTemplate.server(template(FULL));
        assertThat(server.path("image").asText()).isEqualTo("registry.example.com/zookeeper:3.9.5");
        assertThat(server.path("command").toString()).contains("/ensembled/start.sh");
        assertThat(server.path("env").toString())
                .contains("\"TZ\"", "-Dsun.net.inetaddr.ttl=1")
                .doesNotContain("hijacked");
        assertThat(PodTemplate.entry(server.path("volumeMounts"), "mountPath", "/data")
                        .path("name")
                        .asText())
                .isEqualTo("data");
        assertThat(PodTemplate.entry(server.path("volumeMounts"), "mountPath", "/extra")
                        .path("name")
                        .asText())
                .isEqualTo("extra");
        assertThat(server.path("resources").path("limits").path("cpu").asText()).isEqualTo("2");
        assertThat(server.path("resources").path("limits").path("memory").asText())
                .isEqualTo("1472Mi");
        assertThat(pod.path("containers")).hasSize(2);
        assertThat(template(FULL)
                        .path("metadata")
                        .path("labels")
                        .path("app.kubernetes.io/instance")
                        .asText())
                .isEqualTo("kafka");
        assertThat(template(FULL).path("metadata").path("labels").path("team").asText())
                .isEqualTo("streaming");
    }

    /** By the port, a PodMonitor finds the servers, and by the annotations, Prometheus without its operator. */
    @Test
    void metricsAddTwoSettingsAPortAndAnnotationsAndNothingElse() throws IOException {
        String on = merged(MINIMAL, "metrics: {port: 7070}");

        assertThat(zooCfg(on))
                .containsAll(zooCfg(MINIMAL))
                .filteredOn(line -> !zooCfg(MINIMAL).contains(line))
                .containsExactly(
                        "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
                        "metricsProvider.httpPort=7070");
        ObjectNode template = (ObjectNode) template(on);
        assertThat(PodTemplate.server(template).withArray("ports").remove(3))
                .hasToString("{\"containerPort\":7070,\"name\":\"metrics\"}");
        ObjectNode annotations = template.withObject("/metadata/annotations");
        assertThat(annotations.remove("prometheus.io/scrape").asText()).isEqualTo("true");
        assertThat(annotations.remove("prometheus.io/port").asText()).isEqualTo("7070");
        assertThat(annotations.remove("prometheus.io/path").asText()).isEqualTo("/metrics");
        assertThat(withoutDigests(template)).isEqualTo(withoutDigests(template(MINIMAL)));
        for (int object : List.of(1, 2, 3)) {
            assertThat(manifests(on).get(object)).isEqualTo(manifests(MINIMAL).get(object));
        }
    }

    @Test
    void userMayTurnOffTheAnnotationsOfTheMetrics() throws IOException {
        String spec = merged(
                MINIMAL, "{metrics: {}, podTemplate: {metadata: {annotations: {prometheus.io/scrape: 'false'}}}}");

        assertThat(template(spec).path("metadata").path("annotations").path("prometheus.io/scrape"))
                .hasToString("\"false\"");
    }

    @Test
    void settingsOfAnotherMetricsProviderAreRenderedAsTheyAre() throws IOException {
        assertThat(zooCfg(merged(MINIMAL, "config: {metricsProvider.className: com.example.Provider}")))
                .contains("metricsProvider.className=com.example.Provider")
                .noneMatch(line -> line.startsWith("metricsProvider.httpPort"));
    }

    private static List<String> zooCfg(String spec) {
        return ((ConfigMap) manifests(spec).get(0))
                .getData()
                .get("zoo.cfg")
                .lines()
                .toList();
    }

    /** The name of the ConfigMap and the aspects, which depend on the content. */
    private static String withoutDigests(JsonNode template) {
        return template.toString()
                .replaceAll("kafka-config-[0-9a-f]{10}", "")
                .replaceAll("(ensembled.dev/aspect-\\w+\":)\"[0-9a-f]{10}\"", "$1");
    }

    @Test
    void podsGetNoEnvironmentVariablesOfOtherServices() {
        assertThat(template(MINIMAL).at("/spec/enableServiceLinks").isBoolean()).isTrue();
        assertThat(template(MINIMAL).at("/spec/enableServiceLinks").asBoolean()).isFalse();
    }

    @Test
    void resolverCacheIsShortWhateverTheUserSets() {
        assertThat(template(FULL).toString())
                .contains("-Dsun.net.inetaddr.ttl=1 -Dsun.net.inetaddr.negative.ttl=0 -XX:+UseZGC");
    }

    private static Map<String, String> aspects(String spec) {
        Map<String, String> annotations = new java.util.TreeMap<>();
        template(spec)
                .path("metadata")
                .path("annotations")
                .properties()
                .forEach(field ->
                        annotations.put(field.getKey(), field.getValue().asText()));
        return Aspects.of(annotations);
    }

    private static JsonNode template(String spec) {
        return CanonicalJson.tree(manifests(spec).get(4)).path("spec").path("template");
    }

    private static String merged(String spec, String change) throws IOException {
        ObjectNode result = (ObjectNode) YAML.readTree(spec);
        result.setAll((ObjectNode) YAML.readTree(change));
        return YAML.writeValueAsString(result);
    }

    private static List<HasMetadata> manifests(String spec) {
        try {
            return Manifests.of(Desired.of(
                            new EnsembleId("streaming", "kafka"), YAML.readValue(spec, EnsembleSpec.class), 1))
                    .objects();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
