package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.read.Parsed;
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

    private static Parsed pod(String fields) {
        return Specs.read(Specs.with("podTemplate: {spec: {" + fields + "}}"), WIDEST);
    }

    private static Parsed server(String fields) {
        return pod("containers: [{name: zookeeper, " + fields + "}]");
    }

    private static void assertRefused(Parsed parsed, String words) {
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
                "dnsPolicy: None                                 | by the cluster's DNS",
                "dnsPolicy: ClusterFirst                         | by the cluster's DNS",
                "dnsConfig: {nameservers: [192.0.2.1]}           | by the cluster's DNS",
                "dnsConfig: {options: [{name: ndots, value: '1'}]} | by the cluster's DNS",
                "hostAliases: [{ip: 192.0.2.1, hostnames: [a]}]  | by the cluster's DNS",
                "hostNetwork: true                               | its pod's own address",
                // when its pod has ended
                "terminationGracePeriodSeconds: 0                | must be from 5 to 600, not 0: with 0 a pod counts as gone",
                "terminationGracePeriodSeconds: -1               | must be from 5 to 600",
                "terminationGracePeriodSeconds: 1                | must be from 5 to 600",
                "terminationGracePeriodSeconds: 86400            | must be from 5 to 600",
                "activeDeadlineSeconds: 60                       | it would end a server that serves",
                "restartPolicy: Always                           | always restarted",
                "nodeName: a                                     | one node cannot hold several servers",
                "os: {name: windows}                             | servers run on Linux",
                "resources: {limits: {memory: 1Gi}}              | give resources to each container",
                // where its data is
                "volumes: [{name: datalog, emptyDir: {}}]        | ensembled has a volume named datalog",
                "volumes: [{name: ensembled-super, emptyDir: {}}] | ensembled has a volume named ensembled-super",
                "volumes: [{name: ensembled-new, emptyDir: {}}]  | ensembled has a volume named ensembled-new",
                "volumes: [{name: x, persistentVolumeClaim: {claimName: data-kafka-0}}] | the claim of a server's data",
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
                "envFrom: [{configMapRef: {name: a}}]                         | envFrom: ensembled owns this field: what it sets",
                "envFrom: [{prefix: A_, configMapRef: {name: a}}]             | envFrom: ensembled owns this field",
                "volumeMounts: [{name: x, mountPath: /}]                      | a volume of its own at /data",
                "volumeMounts: [{name: x, mountPath: //data/../datalog/./}]   | a volume of its own at /datalog",
                "volumeMounts: [{name: x, mountPath: data}]                   | a volume of its own at /data",
                "volumeMounts: [{name: x, mountPath: /data/version-2}]        | a volume of its own at /data",
                "volumeMounts: [{name: x, mountPath: /conf/zoo.cfg, subPath: a}] | a volume of its own at /conf",
                "volumeMounts: [{name: x, mountPath: /ensembled/start.sh}]    | a volume of its own at /ensembled",
                "volumeMounts: [{name: x, mountPath: /ensembled-start-permit}]   | a volume of its own at /ensembled-start-permit",
                "volumeMounts: [{name: x, mountPath: /logs/x}]                | a volume of its own at /logs",
                "volumeMounts: [{name: data, mountPath: /mnt/data}]           | ensembled mounts the volume data itself",
                "volumeMounts: [{name: x, mountPath: /etc/hosts}]             | finds its peers by, /etc/hosts",
                "volumeMounts: [{name: x, mountPath: /etc}]                   | finds its peers by, /etc/",
                "volumeMounts: [{name: x, mountPath: /usr/local/bin}]         | finds its peers by, /usr",
                "volumeMounts: [{name: x, mountPath: /bin/bash}]              | finds its peers by, /bin",
                "volumeMounts: [{name: x, mountPath: /opt}]                   | finds its peers by, /opt/java",
                "volumeMounts: [{name: x, mountPath: /apache-zookeeper-3.9.5-bin/lib}] | finds its peers by, /apache-zookeeper",
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
                "volumeMounts: [{name: ensembled-super, mountPath: /mnt, readOnly: true}] | for the server alone",
                "ports: [{containerPort: 2181}]                                 | is the server's own port",
                "ports: [{containerPort: 3888}]                                 | is the server's own port",
                "ports: [{name: client, containerPort: 9000}]                   | the name of the server's own port",
            })
    void sidecarMayNotUseWhatBelongsToTheServer(String fields, String words) {
        assertRefused(pod("containers: [{name: a, image: a, " + fields + "}]"), words);
        assertRefused(pod("initContainers: [{name: a, image: a, " + fields + "}]"), words);
    }

    @Test
    void twoContainersOfTheSameNameAreRefused() {
        assertRefused(pod("containers: [{name: zookeeper}, {name: zookeeper}]"), "is the name of another container");
        assertRefused(
                pod("containers: [{name: a, image: a}], initContainers: [{name: a, image: a}]"),
                "is the name of another container");
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
                "ensembled owns this key");
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
        Parsed parsed = pod(fields);

        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.ensembles()).hasSize(1);
    }
}
