package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An ensemble as the API and its servers report it. */
public final class Ensemble implements AutoCloseable {
    private static final ResourceDefinitionContext RESOURCE = new ResourceDefinitionContext.Builder()
            .withGroup("ensembled.dev")
            .withVersion("v1alpha1")
            .withKind("ZooKeeperEnsemble")
            .withPlural("zookeeperensembles")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private volatile int servers;
    private final PodWatch pods;

    public Ensemble(KubernetesClient client, EnsembleFile file) {
        this.client = client;
        this.namespace = file.namespace();
        this.name = file.name();
        expect(file);
        this.pods = new PodWatch(client, namespace, name);
    }

    /** Sets how many servers are wanted from now on. */
    final void expect(EnsembleFile file) {
        servers = file.servers();
    }

    public PodWatch pods() {
        return pods;
    }

    public String name() {
        return name;
    }

    /** The custom resource; null if there is none. */
    public GenericKubernetesResource resource() {
        return resources().withName(name).get();
    }

    public Resource<GenericKubernetesResource> resourceHandle() {
        return resources().withName(name);
    }

    private NonNamespaceOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> resources() {
        return client.genericKubernetesResources(RESOURCE).inNamespace(namespace);
    }

    /** The field of the status at this path, as text; empty if it is not there. */
    public String status(Object... path) {
        GenericKubernetesResource resource = resource();
        if (resource == null || resource.get("status") == null) {
            return "";
        }
        Map<String, Object> status = resource.get("status");
        Object value = GenericKubernetesResource.get(status, path);
        return Objects.toString(value, "");
    }

    /** The status of a condition: True, False, or empty. */
    public String condition(String type) {
        return condition(type, "status");
    }

    /** The reason of a condition. */
    public String reason(String type) {
        return condition(type, "reason");
    }

    /** The messages of the ensemble's events with this reason. */
    public List<String> events(String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map(event -> event.getMessage())
                .toList();
    }

    /** The message of a condition. */
    public String message(String type) {
        return condition(type, "message");
    }

    private String condition(String type, String field) {
        GenericKubernetesResource resource = resource();
        List<Map<String, Object>> conditions =
                resource == null || resource.get("status") == null ? null : resource.get("status", "conditions");
        return conditions == null
                ? ""
                : conditions.stream()
                        .filter(c -> type.equals(c.get("type")))
                        .map(c -> Objects.toString(c.get(field), ""))
                        .findFirst()
                        .orElse("");
    }

    /** The whole status, for the message of a failed assertion. */
    public String wholeStatus() {
        return Optional.ofNullable(resource())
                .map(resource -> Objects.toString(resource.<Object>get("status")))
                .orElse("there is no resource " + name);
    }

    public StatefulSet statefulSet() {
        return client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** The size of the volumes of future servers. */
    public String storage() {
        return statefulSet()
                .getSpec()
                .getVolumeClaimTemplates()
                .get(0)
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage")
                .toString();
    }

    /** The address of the Service for clients. */
    public String clientAddress() {
        return client.services()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getSpec()
                .getClusterIP();
    }

    /** Whether each pod is ready and of the wanted revision, and each server reports that it serves. */
    public boolean servesAtNewestRevision() {
        StatefulSet set = statefulSet();
        return set != null
                && Objects.equals(
                        set.getMetadata().getGeneration(), set.getStatus().getObservedGeneration())
                && pods.now().size() == servers
                && pods.now().values().stream()
                        .allMatch(pod -> pod.up()
                                && pod.revision().equals(set.getStatus().getUpdateRevision())
                                && serves(pod));
    }

    private static boolean serves(PodEvent pod) {
        return ServerWords.peerState(pod.address())
                .filter(state -> state.endsWith("broadcast"))
                .isPresent();
    }

    /** Whether each server runs with this line of configuration. */
    public boolean everyServerHas(String key, String value) {
        return pods.now().size() == servers
                && pods.addresses().values().stream().allMatch(address -> ServerWords.configured(address, key)
                        .filter(value::equals)
                        .isPresent());
    }

    /** Whether each server reports this version. */
    public boolean everyServerRuns(String version) {
        return versions().size() == servers && versions().values().stream().allMatch(version::equals);
    }

    /** The ZooKeeper versions that the servers report, by the names of their pods. */
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        pods.addresses().forEach((pod, address) -> ServerWords.version(address)
                .ifPresent(version -> versions.put(pod, version)));
        return versions;
    }

    /** The pods whose servers report this state, such as "following - broadcast". */
    public List<String> podsThatAre(String state) {
        return pods.addresses().entrySet().stream()
                .filter(entry -> ServerWords.peerState(entry.getValue())
                        .filter(state::equals)
                        .isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    public List<String> followers() {
        return podsThatAre("following - broadcast");
    }

    /** The name of a member's pod by its ordinal in the StatefulSet, which starts at 0. */
    public String pod(int ordinal) {
        return name + "-" + ordinal;
    }

    @Override
    public void close() {
        pods.close();
    }
}
