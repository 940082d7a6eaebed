package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.reconciler.spec.validation.Policy.JvmOptions;
import dev.ensembled.reconciler.spec.validation.Policy.PodSecurity;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only an installation, and no file, can allow. */
class PolicyTest {

    private static Policy policy(Set<String> namespaces, Set<String> serviceAccounts, Set<String> secrets) {
        return new Policy(
                namespaces,
                Optional.of("ensembled-system"),
                PodSecurity.RESTRICTED,
                JvmOptions.SAFE,
                serviceAccounts,
                secrets);
    }

    @ParameterizedTest
    @CsvSource({"kube-system,of Kubernetes itself", "kube-public,of Kubernetes itself", "ensembled-system,of ensembled"
    })
    void systemNamespacesAreRefusedUnlessListed(String namespace, String words) {
        String text = Specs.minimal("kafka").replace("{name: kafka}", "{name: kafka, namespace: " + namespace + "}");

        assertThat(Specs.read(text, policy(Set.of(), Set.of(), Set.of())).violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains("metadata.namespace: ensembles are not allowed in " + namespace, words);
        assertThat(Specs.read(text, policy(Set.of(namespace), Set.of(), Set.of()))
                        .violations())
                .isEmpty();
        assertThat(Specs.read(text, policy(Set.of("other"), Set.of(), Set.of())).violations())
                .singleElement()
                .extracting(Violation::message)
                .isEqualTo("ensembles are not allowed in " + namespace + ", only in [other]");
    }

    @Test
    void namespaceWithoutAValueIsCheckedAsTheDefault() {
        String text = Specs.minimal("kafka").replace("{name: kafka}", "{name: kafka, namespace: ~}");

        assertThat(Specs.read(text, policy(Set.of("other"), Set.of(), Set.of())).violations())
                .singleElement()
                .extracting(Violation::message)
                .asString()
                .contains("must be set: ensembles are not allowed in zookeeper, only in [other]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serviceAccountName: admin",
                "serviceAccountName: admin, automountServiceAccountToken: true",
                "serviceAccountName: admin, volumes: [{name: x, projected: {sources: [{serviceAccountToken: {path: a}}]}}]",
            })
    void aServiceAccountIsRefusedUnlessItIsListed(String fields) {
        assertAllowedOnlyBy(fields, "admin", "the service account admin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "automountServiceAccountToken: true",
                "volumes: [{name: x, projected: {sources: [{serviceAccountToken: {path: a}}]}}]",
                "volumes: [{name: x, projected: {sources: [{podCertificate: {signerName: a/b, keyType: ED25519}}]}}]",
            })
    void aTokenOfTheDefaultServiceAccountIsRefusedToo(String fields) {
        assertAllowedOnlyBy(fields, "default", "a token of the service account default");
    }

    private static void assertAllowedOnlyBy(String fields, String account, String words) {
        String text = Specs.with("podTemplate: {spec: {" + fields + "}}");

        assertThat(Specs.read(text, policy(Set.of(), Set.of("other"), Set.of())).violations())
                .isNotEmpty()
                .first()
                .extracting(Violation::message)
                .asString()
                .contains(words, "ENSEMBLED_SERVICE_ACCOUNTS");
        assertThat(Specs.read(text, policy(Set.of(), Set.of(account), Set.of())).violations())
                .isEmpty();
        assertThat(Specs.read(text, policy(Set.of(), Set.of("*"), Set.of())).violations())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "volumes: [{name: x, secret: {secretName: password}}]",
                "volumes: [{name: x, projected: {sources: [{secret: {name: password}}]}}]",
                "volumes: [{name: x, csi: {driver: a, nodePublishSecretRef: {name: password}}}]",
                "containers: [{name: zookeeper, env: [{name: A, valueFrom: {secretKeyRef: {name: password, key: a}}}]}]",
                "containers: [{name: a, image: a, env: [{name: A, valueFrom: {secretKeyRef: {name: password, key: a}}}]}]",
                "containers: [{name: a, image: a, envFrom: [{secretRef: {name: password}}]}]",
                "initContainers: [{name: a, image: a, envFrom: [{secretRef: {name: password}}]}]",
            })
    void aSecretIsRefusedUnlessItIsListed(String fields) {
        String text = Specs.with("podTemplate: {spec: {" + fields + "}}");

        assertThat(Specs.read(text, policy(Set.of(), Set.of(), Set.of("other"))).violations())
                .singleElement()
                .extracting(Violation::message)
                .asString()
                .contains("the Secret password", "ENSEMBLED_SECRETS");
        assertThat(Specs.read(text, policy(Set.of(), Set.of(), Set.of("password")))
                        .violations())
                .isEmpty();
        assertThat(Specs.read(text, policy(Set.of(), Set.of(), Set.of("*"))).violations())
                .isEmpty();
    }

    @Test
    void imagePullSecretNeedsNoPermission() {
        String text = Specs.with("podTemplate: {spec: {imagePullSecrets: [{name: registry}]}}");

        assertThat(Specs.read(text).violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-javaagent:/mnt/agent.jar",
                "-agentpath:/mnt/agent.so",
                "-agentlib:jdwp=transport=dt_socket",
                "-Xrunjdwp:transport=dt_socket",
                "-Xdebug",
                "-Xbootclasspath/a:/mnt/x.jar",
                "-XX:OnOutOfMemoryError=reboot",
                "-XX:OnOutOfMemoryError=1",
                "-XX:OnError=reboot",
                "-XX:Flags=/mnt/flags",
                "-XX:VMOptionsFile=/mnt/options",
                "-XX:CompileCommandFile=/mnt/x",
                "-XX:HeapDumpPath=/data/x",
                "-XX:HeapDumpPath=/logs/../data",
                "-XX:ErrorFile=/data/hs_err",
                "-XX:StartFlightRecording=filename=/data/x",
                "-XX:SharedArchiveFile=/data/x",
                "-XX:LogFile=/data/x",
                "-XX:AllocateHeapAt=/data",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+LogVMOutput",
                "-XX:+EnableJVMCI",
                "-XX:+ManagementServer",
                "-XX:+StartAttachListener",
                "-Xlog:gc:file=/data/gc.log",
                "-Xlog:gc:/data/gc.log",
                "-Xlog:gc:gc.log",
                "-Xloggc:/data/gc.log",
                "-Dcom.sun.management.jmxremote.port=9999",
                "-Djava.security.manager=default",
                "-Djava.security.properties=/mnt/x",
                "-Djava.security.auth.login.config=http://192.0.2.1/x",
                "-Djava.system.class.loader=x",
                "-Djava.library.path=/mnt",
                "-Djava.io.tmpdir=/data",
                "-Djdk.net.hosts.file=/mnt/hosts",
                "-Djdk.module.path=/mnt",
                "-DsocksProxyHost=192.0.2.1",
                "-Dorg.xerial.snappy.lib.path=/mnt",
                "-Dlogback.configurationFile=http://192.0.2.1/x",
                "-Dzookeeper.log.dir=/data",
                "-Dcom.example=1",
            })
    void unknownJvmOptionIsRefusedUnlessAllAreAllowed(String option) {
        String text = Specs.with("jvm: {options: ['" + option + "']}");

        assertThat(Specs.read(text).violations())
                .singleElement()
                .extracting(Violation::toString)
                .asString()
                .contains("7:19: spec.jvm.options[0]: " + option, "(ENSEMBLED_JVM_OPTIONS=any)");
        assertThat(Specs.read(text, Specs.policy(PodSecurity.RESTRICTED, JvmOptions.ANY))
                        .violations())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseZGC",
                "-XX:+UseG1GC",
                "-XX:+NoSuchOption",
                "-XX:MaxGCPauseMillis=200",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:NativeMemoryTracking=summary",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:HeapDumpPath=/logs",
                "-XX:ErrorFile=/logs/hs_err_pid%p.log",
                "-Xlog:gc",
                "-Xlog:gc:stdout:time",
                "-Xlog:gc:file=/logs/gc.log:time:filecount=2",
                "-Xss512k",
                "-Dzookeeper.some.plugin=1",
                "-Djute.maxbuffer=4194304",
                "-Djava.net.preferIPv4Stack=true",
                "-Djava.security.auth.login.config=/mnt/jaas.conf",
                "-Djava.security.krb5.conf=/mnt/krb5.conf",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-verbose:gc",
            })
    void anOptionThatNeitherRunsCodeNorWritesFilesIsAccepted(String option) {
        assertThat(Specs.read(Specs.with("jvm: {options: ['" + option + "']}")).violations())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-cp", "-jar", "-XshowSettings:all -version", "@/mnt/options", "--patch-module=a=b"})
    void textThatIsNoServerOptionIsRefusedByEveryPolicy(String option) {
        assertThat(Specs.read(
                                Specs.with("jvm: {options: ['" + option + "']}"),
                                Specs.policy(PodSecurity.PRIVILEGED, JvmOptions.ANY))
                        .violations())
                .hasSize(1);
    }
}
