package dev.ensembled;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Runs commands once, in the JVM from which the launcher makes the class archive of commands, so that the archive has their
 * classes. Reads the sample repository and a small HTTP server of its own, and prints nothing.
 */
final class ArchiveTraining {
    private static final String LIST =
            """
            {"items": [{"metadata": {"namespace": "a", "name": "b", "generation": 1}, "spec": {"version": "3.9.5", "voters": 1},
             "status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "False", "message": "m"}],
             "members": [{"id": 1}], "rollout": {"gate": "budget", "since": "2026-01-01T00:00:00Z"}}}]}
            """;

    private ArchiveTraining() {}

    /** Takes the path of the sample repository. */
    public static void main(String... args) throws Exception {
        Path work = Files.createTempDirectory("ensembled-archive");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            answer(server);
            String api = "http://127.0.0.1:" + server.getAddress().getPort();
            String kubeconfig = kubeconfig(work, api).toString();
            store(work);
            // Connections to a real cluster use TLS.
            SSLContext.getDefault().createSSLEngine().getSupportedCipherSuites();
            for (List<String> command : List.of(
                    List.of("--help"),
                    List.of("get", "--help"),
                    List.of("statsu"),
                    List.of("validate", args[0]),
                    List.of("validate", "-o", "json", args[0]),
                    List.of("render", args[0]),
                    List.of("plan", "--server", api, args[0]),
                    List.of("get", "-A", "--kubeconfig", kubeconfig),
                    List.of("get", "-A", "-o", "yaml", "--kubeconfig", kubeconfig),
                    List.of("status", "b", "-n", "a", "--kubeconfig", kubeconfig),
                    List.of("history", "b", "-n", "a", "--kubeconfig", kubeconfig),
                    List.of("get", "--dir", work.toString()),
                    List.of("status", "b", "--dir", work.toString()),
                    List.of("complete", "--", "status", "--kubeconfig", kubeconfig, ""),
                    List.of("pause", "b", "--dir", work.toString()))) {
                run(command);
            }
        } finally {
            server.stop(0);
            delete(work);
        }
    }

    private static void store(Path dir) throws IOException {
        ZooKeeperEnsemble resource =
                new ObjectMapper().readerFor(ZooKeeperEnsemble.class).readValue(item());
        LocalStore store = new LocalStore(dir, Clock.systemUTC());
        store.accept(resource, new SourceStatus("1", "f", "Synced", null, "https://git", "here"));
        store.writeStatus(resource.id(), EnsembleStatus.empty(), resource.getStatus());
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> paths = Files.walk(dir)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void run(List<String> command) {
        PrintWriter nothing = new PrintWriter(PrintWriter.nullWriter());
        String[] arguments = command.toArray(String[]::new);
        Ensembled.commandLine(arguments).setOut(nothing).setErr(nothing).execute(arguments);
    }

    private static String item() {
        return LIST.substring(LIST.indexOf('[') + 1, LIST.lastIndexOf(']'));
    }

    private static void answer(HttpServer server) {
        server.createContext("/", exchange -> {
            byte[] body = (exchange.getRequestURI().getPath().endsWith("/b") ? item() : LIST)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static Path kubeconfig(Path work, String api) throws IOException {
        return Files.writeString(
                work.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "API"}}]
                users: [{name: u, user: {token: none}}]
                """
                        .replace("API", api));
    }
}
