package dev.ensembled.reconciler.spec.validation.pod;

import static java.util.Map.entry;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a pod's spec that the user may set. A closed list: a field that a later Kubernetes version adds is
 * refused until it has been reviewed whether it changes the identity of a server, the location of its data, how it
 * finds its peers, or when its pod has really ended.
 */
final class PodFields {
    private static final String PATH = "spec.podTemplate.spec.";
    private static final int LEAST_GRACE = 5;
    private static final int MOST_GRACE = 600;

    private static final Set<String> USERS = Set.of(
            "affinity",
            "automountServiceAccountToken",
            "containers",
            "enableServiceLinks",
            "hostIPC",
            "hostUsers",
            "imagePullSecrets",
            "initContainers",
            "nodeSelector",
            "overhead",
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            "resourceClaims",
            "runtimeClassName",
            "schedulerName",
            "schedulingGates",
            "securityContext",
            "serviceAccountName",
            "terminationGracePeriodSeconds",
            "tolerations",
            "topologySpreadConstraints",
            "volumes");

    private static final String NAMES = "the StatefulSet names the pods, and each server finds its id in the host name";
    private static final String PEERS = "servers find their peers by the cluster's DNS, which knows where they are now";
    private static final String PROCESSES = "other processes could signal the server and reach its files";

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("hostname", NAMES),
            entry("hostnameOverride", NAMES),
            entry("setHostnameAsFQDN", NAMES),
            entry("subdomain", "peers find a server through the headless Service"),
            entry("dnsPolicy", PEERS),
            entry("dnsConfig", PEERS),
            entry("hostAliases", PEERS),
            entry("hostNetwork", "peers find a server through its pod's own address"),
            entry("shareProcessNamespace", PROCESSES),
            entry("hostPID", PROCESSES),
            entry("restartPolicy", "a server that ends is always restarted"),
            entry("nodeName", "one node cannot hold several servers: use affinity or nodeSelector"),
            entry("activeDeadlineSeconds", "it would end a server that serves"),
            entry("ephemeralContainers", "they cannot be part of a template: use kubectl debug"),
            entry("serviceAccount", "use serviceAccountName"),
            entry("resources", "give resources to each container"),
            entry("os", "servers run on Linux"));

    private PodFields() {}

    static void check(Mapping pod, Findings findings) {
        pod.fields().forEach((key, field) -> {
            if (!USERS.contains(key) && PodTemplateFields.ofPod(key) && !Scalars.isNull(field.value())) {
                String why = REASONS.getOrDefault(key, "it is not known to leave servers alone");
                findings.violation(field.key(), PATH + key, "ensembled owns this field: " + why + ". Remove it");
            }
        });
        pod.scalar("terminationGracePeriodSeconds").ifPresent(seconds -> grace(seconds, findings));
    }

    private static void grace(Scalar seconds, Findings findings) {
        Scalars.integer(seconds)
                .filter(number -> number.compareTo(BigInteger.valueOf(LEAST_GRACE)) < 0
                        || number.compareTo(BigInteger.valueOf(MOST_GRACE)) > 0)
                .ifPresent(number -> findings.violation(
                        seconds.place(),
                        PATH + "terminationGracePeriodSeconds",
                        "must be from %d to %d, not %s: with 0 a pod counts as gone while its server still runs, and"
                                        .formatted(LEAST_GRACE, MOST_GRACE, number)
                                + " another one may start on the same disk; with much, a server that has ended is"
                                + " missing for as long as a sidecar stays"));
    }
}
