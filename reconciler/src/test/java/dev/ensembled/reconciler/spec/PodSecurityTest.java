package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Violation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The strictest level of the Pod Security Standards that a pod passes. */
class PodSecurityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "PRIVILEGED | hostIPC: true",
                "PRIVILEGED | volumes: [{name: x, hostPath: {path: /}}]",
                "BASELINE   | volumes: [{name: x, nfs: {server: a, path: /}}]",
                "BASELINE   | volumes: [{name: x, image: {reference: a}}]",
                "BASELINE   | volumes: [{name: x, gitRepo: {repository: a}}]",
                "RESTRICTED | volumes: [{name: x, csi: {driver: a}}, {name: y, projected: {sources: []}}]",
                "PRIVILEGED | securityContext: {seccompProfile: {type: Unconfined}}",
                "PRIVILEGED | securityContext: {appArmorProfile: {type: Unconfined}}",
                "PRIVILEGED | securityContext: {seLinuxOptions: {type: spc_t}}",
                "PRIVILEGED | securityContext: {seLinuxOptions: {user: a}}",
                "PRIVILEGED | securityContext: {seLinuxOptions: {role: a}}",
                "PRIVILEGED | securityContext: {windowsOptions: {hostProcess: true}}",
                "PRIVILEGED | securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}",
                "RESTRICTED | securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '60'}]}",
                "BASELINE   | securityContext: {runAsNonRoot: false}",
                "BASELINE   | securityContext: {runAsUser: 0}",
                "RESTRICTED | securityContext: {runAsUser: 5000, runAsGroup: 0, fsGroup: 0, supplementalGroups: [0]}",
                "RESTRICTED | securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}",
                "RESTRICTED | securityContext: {seLinuxOptions: {level: 's0:c1,c2'}}",
            })
    void aPodPassesByItsLevel(PodSecurity strictest, String fields) {
        assertPasses(strictest, "podTemplate: {spec: {" + fields + "}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "PRIVILEGED | securityContext: {privileged: true}",
                "PRIVILEGED | securityContext: {capabilities: {add: [SYS_ADMIN]}}",
                "PRIVILEGED | securityContext: {capabilities: {add: [ALL]}}",
                "PRIVILEGED | securityContext: {capabilities: {add: [NET_RAW]}}",
                "BASELINE   | securityContext: {capabilities: {add: [CHOWN]}}",
                "RESTRICTED | securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}",
                "BASELINE   | securityContext: {capabilities: {drop: []}}",
                "BASELINE   | securityContext: {capabilities: {drop: [NET_RAW]}}",
                "RESTRICTED | securityContext: {capabilities: {drop: [ALL]}}",
                "BASELINE   | securityContext: {allowPrivilegeEscalation: true}",
                "RESTRICTED | securityContext: {allowPrivilegeEscalation: false}",
                "BASELINE   | securityContext: {runAsNonRoot: false}",
                "BASELINE   | securityContext: {runAsUser: 0}",
                "PRIVILEGED | securityContext: {procMount: Unmasked}",
                "PRIVILEGED | securityContext: {seccompProfile: {type: Unconfined}}",
                "PRIVILEGED | securityContext: {appArmorProfile: {type: Unconfined}}",
                "PRIVILEGED | securityContext: {seLinuxOptions: {type: spc_t}}",
                "PRIVILEGED | securityContext: {windowsOptions: {hostProcess: true}}",
                "RESTRICTED | securityContext: {readOnlyRootFilesystem: false}",
            })
    void everyContainerPassesByItsLevel(PodSecurity strictest, String fields) {
        assertPasses(strictest, "podTemplate: {spec: {containers: [{name: zookeeper, " + fields + "}]}}");
        assertPasses(strictest, "podTemplate: {spec: {containers: [{name: a, image: a, " + fields + "}]}}");
        assertPasses(strictest, "podTemplate: {spec: {initContainers: [{name: a, image: a, " + fields + "}]}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports: [{containerPort: 80, hostPort: 80}]",
                "livenessProbe: {httpGet: {port: 80, host: 192.0.2.1}}",
                "readinessProbe: {tcpSocket: {port: 80, host: 192.0.2.1}}",
                "lifecycle: {postStart: {httpGet: {port: 80, host: 192.0.2.1}}}",
            })
    void sidecarThatUsesTheHostNetworkIsPrivileged(String fields) {
        assertPasses(
                PodSecurity.PRIVILEGED, "podTemplate: {spec: {containers: [{name: a, image: a, " + fields + "}]}}");
    }

    @ParameterizedTest
    @CsvSource({"unconfined,PRIVILEGED", "runtime/default,RESTRICTED", "localhost/a,RESTRICTED"})
    void aProfileOfAppArmorInAnAnnotationPassesByItsLevel(String profile, PodSecurity strictest) {
        assertPasses(
                strictest,
                "podTemplate: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/zookeeper: "
                        + profile + "}}}");
    }

    private static void assertPasses(PodSecurity strictest, String spec) {
        for (PodSecurity level : PodSecurity.values()) {
            ParsedCommit parsed = Specs.read(Specs.with(spec), Specs.policy(level, JvmOptions.SAFE));
            if (strictest.within(level)) {
                assertThat(parsed.violations()).as(level + ": " + spec).isEmpty();
            } else {
                assertThat(parsed.ensembles()).as(level + ": " + spec).isEmpty();
                assertThat(parsed.violations())
                        .as(level + ": " + spec)
                        .singleElement()
                        .extracting(Violation::message)
                        .asString()
                        .contains("forbids it: remove it. The installation can allow it (ENSEMBLED_POD_SECURITY)");
            }
        }
    }
}
