package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fields of a pod template that would change the identity of a server, where its data is, how it finds its peers, or when
 * its pod has ended are refused, whatever else the installation allows.
 */
class PodTemplateOwnershipTest {
    private static final Policy WIDEST = new Policy(
            Set.of(), java.util.Optional.empty(), PodSecurity.PRIVILEGED, JvmOptions.ANY, Set.of("*"), Set.of("*"));

    private static ParsedCommit pod(String fields) {
        return Specs.read(Specs.with("podTemplate: {spec: {" + fields + "}}"), WIDEST);
    }

    private static ParsedCommit server(String fields) {
        return pod("containers: [{name: zookeeper, " + fields + "}]");
    }

    private static void assertRefused(ParsedCommit parsed, String words) {
        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // identity of the server
                "hostname: a                                     | the host name",
                "hostnameOverride: kafka-0                       | the host name",
                "setHostnameAsFQDN: true                         | the host name",
                "subdomain: a                                    | the headless Service",
                "shareProcessNamespace: true                     | other processes could signal the server",
                "hostPID: true                                   | other processes could signal the server",
                // how it finds its peers
                "dnsPolicy: None                                 | through the DNS of the cluster",
                "dnsPolicy: ClusterFirst                         | through the DNS of the cluster",
                "dnsConfig: {nameservers: [192.0.2.1]}           | through the DNS of the cluster",
                "dnsConfig: {options: [{name: ndots, value: '1'}]} | through the DNS of the cluster",
                "hostAliases: [{ip: 192.0.2.1, hostnames: [a]}]  | through the DNS of the cluster",
                "hostNetwork: true                               | at the address of its pod",
                // when its pod has ended
                "terminationGracePeriodSeconds: 0                | must be from 5 to 600, not 0: with 0 a pod is deleted while",
                "terminationGracePeriodSeconds: -1               | must be from 5 to 600",
                "terminationGracePeriodSeconds: 1                | must be from 5 to 600",
                "terminationGracePeriodSeconds: 86400            | must be from 5 to 600",
                "activeDeadlineSeconds: 60                       | it would terminate a running server",
                "restartPolicy: Always                           | always restarted",
                "nodeName: a                                     | it would place all servers on one node",
                "os: {name: windows}                             | servers run on Linux",
                "resources: {limits: {memory: 1Gi}}              | set resources on each container",
                // where its data is
                "volumes: [{name: datalog, emptyDir: {}}]        | is the name of a volume of ensembled",
                "volumes: [{name: ensembled-super, emptyDir: {}}] | is the name of a volume of ensembled",
                "volumes: [{name: ensembled-new, emptyDir: {}}]  | is the name of a volume of ensembled",
                "volumes: [{name: x, persistentVolumeClaim: {claimName: data-kafka-0}}] | has the form of a claim with",
            })
    void aPodFieldIsRefused(String fields, String words) {
        assertRefused(pod(fields), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HOSTNAME",
                "ENSEMBLED_DATA",
                "ENSEMBLED_ENSEMBLE",
                "ZOO_DATA_DIR",
                "ZOOCFGDIR",
                "ZK_SERVER_HEAP",
                "JMXPORT",
                "JMXDISABLE",
                "JVMFLAGS",
                "SERVER_JVMFLAGS",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "_JAVA_OPTIONS",
                "JAVA_HOME",
                "JAVA",
                "CLASSPATH",
                "PATH",
                "BASH_ENV",
                "ENV",
                "SHELLOPTS",
                "GLOBIGNORE",
                "TMPDIR",
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "GLIBC_TUNABLES",
                "LOCALDOMAIN",
                "RES_OPTIONS",
                "HOSTALIASES",
            })
    void aVariableThatTheStartOfAServerReadsIsRefused(String name) {
        assertRefused(server("env: [{name: " + name + ", value: a}]"), "env[0].name: ensembled owns this variable");
        assertRefused(
                server("env: [{name: " + name + ", valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]"),
                "env[0].name: ensembled owns this variable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "env: [{name: 'BASH_FUNC_grep%%', value: a}]                  | env[0].name: must consist of letters",
                "envFrom: [{configMapRef: {name: a}}]                         | envFrom: ensembled owns this field: its variables cannot",
                "envFrom: [{prefix: A_, configMapRef: {name: a}}]             | envFrom: ensembled owns this field",
                "volumeMounts: [{name: x, mountPath: /}]                      | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: //data/../datalog/./}]   | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: data}]                   | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: /data/version-2}]        | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: /conf/zoo.cfg, subPath: a}] | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: /ensembled/start.sh}]    | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: /ensembled-start-permit}]   | a volume: use another path",
                "volumeMounts: [{name: x, mountPath: /logs/x}]                | a volume: use another path",
                "volumeMounts: [{name: data, mountPath: /mnt/data}]           | ensembled mounts the volume data itself",
                "volumeMounts: [{name: x, mountPath: /etc/hosts}]             | would hide /etc/hosts of the image",
                "volumeMounts: [{name: x, mountPath: /etc}]                   | would hide /etc/alternatives",
                "volumeMounts: [{name: x, mountPath: /usr/local/bin}]         | would hide /usr of the image",
                "volumeMounts: [{name: x, mountPath: /bin/bash}]              | would hide /bin of the image",
                "volumeMounts: [{name: x, mountPath: /opt}]                   | would hide /opt/java of the image",
                "volumeMounts: [{name: x, mountPath: /apache-zookeeper-3.9.5-bin/lib}] | would hide /apache-zookeeper of the image",
                "volumeDevices: [{name: x, devicePath: /data}]                | volumeDevices: ensembled owns this field",
                "lifecycle: {preStop: {sleep: {seconds: 5}}}                  | lifecycle: ensembled owns this field",
                "restartPolicyRules: []                                       | restartPolicyRules: ensembled owns this field",
                "terminationMessagePath: /x                                   | terminationMessagePath: ensembled owns this field",
                "workingDir: /x                                               | workingDir: ensembled owns this field",
                "tty: true                                                    | tty: ensembled owns this field",
            })
    void aFieldOfTheServersContainerIsRefused(String fields, String words) {
        assertRefused(server(fields), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "volumeMounts: [{name: data, mountPath: /mnt}]                  | the volume data belongs to the server",
                "volumeMounts: [{name: datalog, mountPath: /mnt, readOnly: false}] | the volume datalog belongs to the server",
                "volumeMounts: [{name: conf, mountPath: /mnt}]                  | the volume conf belongs to the server",
                "volumeMounts: [{name: ensembled-super, mountPath: /mnt, readOnly: true}] | only the server may mount",
                "ports: [{containerPort: 2181}]                                 | is a port of the server:",
                "ports: [{containerPort: 3888}]                                 | is a port of the server:",
                "ports: [{name: client, containerPort: 9000}]                   | the name of a port of the server,",
            })
    void sidecarMayNotUseWhatBelongsToTheServer(String fields, String words) {
        assertRefused(pod("containers: [{name: a, image: a, " + fields + "}]"), words);
        assertRefused(pod("initContainers: [{name: a, image: a, " + fields + "}]"), words);
    }

    @Test
    void portOfTheMetricsBelongsToTheServerWhileTheyAreOn() {
        String sidecar =
                "podTemplate: {spec: {containers: [{name: a, image: a, ports: [{name: metrics, containerPort: %d}]}]}}";

        assertRefused(Specs.read(Specs.with("metrics: {}\n" + sidecar.formatted(7000))), "is a port of the server:");
        assertThat(Specs.read(Specs.with(sidecar.formatted(7000))).violations()).isEmpty();
        assertThat(Specs.read(Specs.with("metrics: {port: 7001}\n" + sidecar.formatted(7000)))
                        .violations())
                .isEmpty();
    }

    @Test
    void twoContainersOfTheSameNameAreRefused() {
        assertRefused(pod("containers: [{name: zookeeper}, {name: zookeeper}]"), "must be unique: another container");
        assertRefused(
                pod("containers: [{name: a, image: a}], initContainers: [{name: a, image: a}]"),
                "must be unique: another container has this name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "statefulset.kubernetes.io/pod-name",
                "apps.kubernetes.io/pod-index",
                "controller-revision-hash",
                "app.kubernetes.io/instance"
            })
    void aLabelByWhichPodsAreFoundIsRefused(String label) {
        assertRefused(
                Specs.read(Specs.with("podTemplate: {metadata: {labels: {" + label + ": a}}}"), WIDEST),
                "is reserved for ensembled: use another key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "terminationGracePeriodSeconds: 30, priorityClassName: high, readinessGates: [{conditionType: a/b}]",
                "nodeSelector: {a: b}, tolerations: [{operator: Exists}], runtimeClassName: kata, schedulerName: a",
                "enableServiceLinks: false, automountServiceAccountToken: false, hostUsers: false",
                "imagePullSecrets: [{name: registry}], topologySpreadConstraints: [], priority: 5",
                "containers: [{name: zookeeper, imagePullPolicy: Always, env: [{name: TZ, value: UTC},"
                        + " {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}},"
                        + " {name: MALLOC_ARENA_MAX, value: '2'}, {name: KRB5_CONFIG, value: /mnt/krb5.conf}]}]",
                "volumes: [{name: x, configMap: {name: x}}], containers: [{name: zookeeper, volumeMounts:"
                        + " [{name: x, mountPath: /etc/krb5.conf, subPath: a}, {name: x, mountPath: /mnt/x},"
                        + " {name: x, mountPath: /opt/exporter}, {name: x, mountPath: /datalogs}]}]",
                "containers: [{name: backup, image: backup, volumeMounts: [{name: data, mountPath: /data, readOnly: true},"
                        + " {name: datalog, mountPath: /datalog, readOnly: true}], ports: [{name: http, containerPort: 80}]}]",
                "initContainers: [{name: proxy, image: proxy, restartPolicy: Always, lifecycle:"
                        + " {preStop: {exec: {command: [a]}}}, env: [{name: PATH, value: /bin}]}]",
                "volumes: [{name: x, persistentVolumeClaim: {claimName: backups}}, {name: y, emptyDir: {}}]",
            })
    void templateThatLeavesServersAloneIsAccepted(String fields) {
        ParsedCommit parsed = pod(fields);

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles()).hasSize(1);
    }
}
