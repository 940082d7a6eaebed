package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion in shells and in kubectl. */
class CompletionTest {
    private static final String LIST =
            """
            {"items": [{"metadata": {"namespace": "streaming", "name": "kafka"}},
                       {"metadata": {"namespace": "streaming", "name": "solr"}}]}
            """;

    @TempDir
    Path dir;

    /** More than a person waits for, because a loaded machine starts programs slowly. */
    @BeforeAll
    static void waitLonger() {
        System.setProperty("ensembled.completion.seconds", "20");
    }

    private void accept(String... names) {
        LocalStore store = new LocalStore(dir, Clock.systemUTC());
        for (String name : names) {
            ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
            resource.setMetadata(new ObjectMetaBuilder()
                    .withNamespace("streaming")
                    .withName(name)
                    .build());
            resource.setSpec(LocalEnsemble.spec(3, 0, Map.of()));
            store.accept(resource, new SourceStatus("4fc6ba8abd", "kafka.yaml", "Synced", null, "https://git", "here"));
        }
    }

    /** Returns the candidates that bash gets for the last word. */
    private static List<String> bash(String... words) throws IOException, InterruptedException {
        String program =
                "ensembled() { '%s' -Densembled.completion.seconds=60 -cp '%s' dev.ensembled.Ensembled \"$@\"; }"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"));
        String script = CommandRun.of("completion", "bash").out()
                + "\ncompopt() { :; }\n"
                + program
                + "\nCOMP_WORDS=(ensembled '" + String.join("' '", words) + "'); COMP_CWORD=" + words.length
                + "\n_complete_ensembled_names >/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        Process bash = new ProcessBuilder("bash", "--norc", "-s")
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        bash.getOutputStream().close();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(printed).isZero();
        return printed.lines().filter(line -> !line.isEmpty()).toList();
    }

    private static Stream<String> complete(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "complete";
        all[1] = "--";
        System.arraycopy(words, 0, all, 2, words.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        return run.out().lines();
    }

    private Path kubeconfig(int port) throws IOException {
        return Files.writeString(
                dir.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u, namespace: streaming}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:PORT"}}]
                users: [{name: u, user: {token: none}}]
                """
                        .replace("PORT", Integer.toString(port)));
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assertThat(bash("sta")).containsExactly("status");
        assertThat(bash("approve", "kafka", "--lea")).containsExactly("--leader");
    }

    @Test
    void bashCompletesNamesOfTheStateDirectory() throws Exception {
        accept("kafka", "karapace", "solr");

        assertThat(bash("status", "--dir", dir.toString(), "ka")).containsExactly("kafka", "karapace");
        assertThat(bash("get", "--dir", dir.toString(), "kafka", "")).containsExactly("kafka", "karapace", "solr");
    }

    @Test
    void bashCompletesNoNamesWhereNoneBelong() throws Exception {
        accept("kafka");

        assertThat(bash("status", "--dir", dir.toString(), "-n", "")).isEmpty();
        assertThat(bash("status", "--dir", dir.toString(), "kafka", "")).isEmpty();
        assertThat(bash("validate", "--namespace", "a", "")).isEmpty();
    }

    @Test
    void kubectlGetsCandidatesAndADirective() {
        accept("kafka", "solr");

        assertThat(complete("status", "--dir", dir, "k")).containsExactly("kafka", ":4");
        assertThat(complete("sta")).containsExactly("status", ":4");
        assertThat(complete("approve", "--lea")).containsExactly("--leader", ":4");
    }

    @Test
    void namesOfTheClusterAreThoseOfItsNamespace() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/apis/ensembled.dev/v1alpha1/namespaces/streaming/zookeeperensembles", exchange -> {
            byte[] body = LIST.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Path kubeconfig = kubeconfig(server.getAddress().getPort());

            assertThat(complete("pause", "--kubeconfig", kubeconfig, "")).containsExactly("kafka", "solr", ":4");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void clusterThatDoesNotAnswerCompletesNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path kubeconfig = kubeconfig(silent.getLocalPort());
            long start = System.nanoTime();

            assertThat(complete("status", "--kubeconfig", kubeconfig, "k")).containsExactly(":4");

            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
        }
        assertThat(complete("status", "--kubeconfig", dir.resolve("none"), "k")).containsExactly(":4");
    }

    @Test
    void otherShellsAreRefused() {
        assertThat(CommandRun.of("completion", "fish").code()).isEqualTo(2);
    }
}
