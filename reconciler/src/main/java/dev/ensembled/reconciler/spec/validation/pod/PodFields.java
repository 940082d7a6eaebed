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
    private static final int MIN_GRACE = 5;
    private static final int MAX_GRACE = 600;

    private static final Set<String> ALLOWED = Set.of(
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

    private static final String HOST_NAME = "the StatefulSet sets the host name, from which each server derives its id";
    private static final String PEERS = "servers resolve their peers through the DNS of the cluster";
    private static final String PROCESSES = "other processes could signal the server and reach its files";

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("hostname", HOST_NAME),
            entry("hostnameOverride", HOST_NAME),
            entry("setHostnameAsFQDN", HOST_NAME),
            entry("subdomain", "peers resolve a server through the headless Service"),
            entry("dnsPolicy", PEERS),
            entry("dnsConfig", PEERS),
            entry("hostAliases", PEERS),
            entry("hostNetwork", "peers connect to a server at the address of its pod"),
            entry("shareProcessNamespace", PROCESSES),
            entry("hostPID", PROCESSES),
            entry("restartPolicy", "a server that terminates is always restarted"),
            entry("nodeName", "it would place all servers on one node. Use affinity or nodeSelector"),
            entry("activeDeadlineSeconds", "it would terminate a running server"),
            entry("ephemeralContainers", "a pod template cannot have them. Use kubectl debug"),
            entry("serviceAccount", "use serviceAccountName"),
            entry("resources", "set resources on each container"),
            entry("os", "servers run on Linux"));

    private PodFields() {}

    static void check(Mapping pod, Findings findings) {
        pod.fields().forEach((key, field) -> {
            if (!ALLOWED.contains(key) && PodTemplateFields.ofPod(key) && !Scalars.isNull(field.value())) {
                String reason = REASONS.getOrDefault(key, "it is not in the list of allowed fields");
                findings.violation(field.key(), PATH + key, "ensembled owns this field: " + reason + ". Remove it");
            }
        });
        pod.scalar("terminationGracePeriodSeconds").ifPresent(seconds -> grace(seconds, findings));
    }

    private static void grace(Scalar seconds, Findings findings) {
        Scalars.integer(seconds)
                .filter(number -> number.compareTo(BigInteger.valueOf(MIN_GRACE)) < 0
                        || number.compareTo(BigInteger.valueOf(MAX_GRACE)) > 0)
                .ifPresent(number -> findings.violation(
                        seconds.location(),
                        PATH + "terminationGracePeriodSeconds",
                        "must be from %d to %d, not %s: with 0 a pod is deleted while its server still runs, and another"
                                        .formatted(MIN_GRACE, MAX_GRACE, number)
                                + " server can start on the same volume; with a long period a terminated server stays unavailable"
                                + " for as long as a sidecar runs"));
    }
}
