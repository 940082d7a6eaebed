package dev.ensembled.reconciler.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pod template of an ensemble, in three layers: the defaults of ensembled, over them the user's
 * {@code podTemplate}, and over both the fields that ensembled owns because a server or a safe rollout depends on them.
 * It is a pure function of what the pods need: no other change of a spec changes it, so no other change restarts a
 * server.
 *
 * <p>There is no liveness probe: a restart does not help a server without a quorum, and takes it out of the election;
 * and a server whose JVM is stuck is a member that does not come back, which the rollout reports.
 */
record PodTemplate(Desired desired, ServerFiles files, String credentials) {
    static final String SERVER = "zookeeper";
    static final String FLAGS = "SERVER_JVMFLAGS";

    private static final String IDENTITY = "ENSEMBLED_ENSEMBLE";
    private static final long ZOOKEEPER_USER = 1000;

    ObjectNode tree() {
        String flags = memory().flags();
        ObjectNode owned = tree(owned());
        ObjectNode users = tree(desired.spec().podTemplate());
        withoutOwned(users);
        SidecarDefaults.putInto(users);
        ObjectNode defaults = tree(defaults());
        desired.spec().podTemplateUnset().forEach(path -> TemplatePath.of(path).removeFrom(defaults));
        ObjectNode merged = TemplateMerge.over(TemplateMerge.over(defaults, users), owned);
        annotate(merged, Aspects.annotations(merged, files.digest(), flags, fingerprint()));
        return merged;
    }

    /** Returns the container of the server in a template. */
    static ObjectNode server(JsonNode template) {
        return entry(template.path("spec").path("containers"), "name", SERVER);
    }

    /** Returns the element of a list whose key has this value; a detached empty object if there is none. */
    static ObjectNode entry(JsonNode list, String key, String value) {
        for (JsonNode element : list) {
            if (value.equals(element.path(key).asText())) {
                return (ObjectNode) element;
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * What a user may change: the security context for platforms that assign users, resources, placement. Variables for
     * the Services of the namespace are off: with thousands of Services, every script of the pod would inherit all of
     * them.
     */
    private PodTemplateSpec defaults() {
        Map<String, String> selector = names().selector();
        Spreading spreading = new Spreading(desired.spec().placement(), selector);
        return new PodTemplateSpecBuilder()
                .withMetadata(metrics()
                        .map(metrics -> new ObjectMetaBuilder()
                                .withAnnotations(metrics.annotations())
                                .build())
                        .orElse(null))
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(10L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(ZOOKEEPER_USER)
                .withRunAsGroup(ZOOKEEPER_USER)
                .withFsGroup(ZOOKEEPER_USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withAffinity(spreading.affinity().orElse(null))
                .withTopologySpreadConstraints(spreading.constraints())
                .withContainers(defaultContainer())
                .endSpec()
                .build();
    }

    private Container defaultContainer() {
        return new ContainerBuilder()
                .withName(SERVER)
                .withResources(memory().resources())
                .withEnv(env("JMXDISABLE", "true"))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .build();
    }

    private PodTemplateSpec owned() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(names().labels("server"))
                .withAnnotations(OptOut.OF_OBJECTS)
                .endMetadata()
                .withNewSpec()
                .withContainers(ownedContainer())
                .withVolumes(volumes().volumes())
                .endSpec()
                .build();
    }

    private Container ownedContainer() {
        return new ContainerBuilder()
                .withName(SERVER)
                .withImage(desired.spec().image())
                .withCommand("/bin/bash", PodVolumes.SCRIPTS + "/start.sh")
                .withEnv(
                        env(FLAGS, memory().flags()), env(IDENTITY, desired.id().toString()))
                .withPorts(ports())
                .withStartupProbe(started())
                .withReadinessProbe(readiness())
                .withVolumeMounts(volumes().mounts())
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .build();
    }

    /**
     * Probes every second while a server starts, because the rollout waits for it. It never fails permanently, because
     * the kubelet would then restart the server.
     */
    private static Probe started() {
        return probe(1, Integer.MAX_VALUE);
    }

    /**
     * Probes rarely, because each probe starts a process in the container; when a server stops, the status of its
     * container shows it.
     */
    private static Probe readiness() {
        return probe(4, 2);
    }

    private static Probe probe(int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand("/bin/bash", PodVolumes.SCRIPTS + "/ready.sh")
                .endExec()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(3)
                .withFailureThreshold(failures)
                .build();
    }

    /**
     * Removes from the user's template what would be mixed with the fields of ensembled instead of being replaced by
     * them.
     */
    private void withoutOwned(ObjectNode users) {
        ObjectNode server = server(users);
        server.remove(List.of("command", "args", "readinessProbe", "livenessProbe", "startupProbe"));
        remove(server.path("env"), "name", List.of(FLAGS, IDENTITY));
        remove(
                server.path("volumeMounts"),
                "mountPath",
                volumes().mounts().stream().map(VolumeMount::getMountPath).toList());
        remove(users.path("spec").path("volumes"), "name", volumes().names());
        remove(
                server.path("ports"),
                "containerPort",
                ports().stream().map(port -> "" + port.getContainerPort()).toList());
        if (users.get("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("hostname", "subdomain", "restartPolicy"));
        }
    }

    private static void remove(JsonNode list, String key, List<String> values) {
        for (var elements = list.elements(); elements.hasNext(); ) {
            if (values.contains(elements.next().path(key).asText())) {
                elements.remove();
            }
        }
    }

    private static void annotate(ObjectNode template, Map<String, String> annotations) {
        ObjectNode target = template.withObject("/metadata/annotations");
        annotations.forEach(target::put);
    }

    private List<ContainerPort> ports() {
        List<ContainerPort> ports = new ArrayList<>();
        ports.add(port("client", ServerFiles.CLIENT_PORT));
        ports.add(port("quorum", ServerFiles.QUORUM_PORT));
        ports.add(port("election", ServerFiles.ELECTION_PORT));
        metrics().ifPresent(metrics -> ports.add(port(ServerMetrics.PORT_NAME, metrics.port())));
        return ports;
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .build();
    }

    private static EnvVar env(String name, String value) {
        return new EnvVar(name, value, null);
    }

    private static ObjectNode tree(PodTemplateSpec template) {
        return (ObjectNode) CanonicalJson.tree(template);
    }

    private PodVolumes volumes() {
        return new PodVolumes(
                names(), names().configMap(files.digest()), desired.spec().storage());
    }

    private String fingerprint() {
        return Digest.of(desired.spec().credentials().rotation().toString(), credentials);
    }

    private ServerMemory memory() {
        return new ServerMemory(desired.spec().jvm());
    }

    private Optional<ServerMetrics> metrics() {
        return ServerMetrics.of(desired.spec());
    }

    private ObjectNames names() {
        return new ObjectNames(desired.id());
    }
}
