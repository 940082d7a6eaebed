package dev.ensembled;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * Runs commands once, in the JVM from which the launcher makes the class archive of commands, so that the archive has their
 * classes. Reads the sample repository and a small HTTP server of its own, and prints nothing.
 */
final class ArchiveTraining {
    private static final String LIST =
            """
            {"items": [{"metadata": {"namespace": "a", "name": "b", "generation": 1}, "spec": {"version": "3.9.5"},
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
            Path kubeconfig = kubeconfig(work, server.getAddress().getPort());
            // Connections to a real cluster use TLS.
            SSLContext.getDefault().createSSLEngine().getSupportedCipherSuites();
            for (List<String> command : List.of(
                    List.of("--help"),
                    List.of("validate", args[0]),
                    List.of("validate", "-o", "json", args[0]),
                    List.of("render", args[0]),
                    List.of("get", "-A", "--kubeconfig", kubeconfig.toString()),
                    List.of("status", "b", "-n", "a", "--kubeconfig", kubeconfig.toString()),
                    List.of(
                            "get",
                            "--dir",
                            Files.createDirectories(work.resolve("store"))
                                    .getParent()
                                    .toString()))) {
                run(command);
            }
            Files.delete(kubeconfig);
        } finally {
            server.stop(0);
            Files.deleteIfExists(work.resolve("store"));
            Files.deleteIfExists(work);
        }
    }

    private static void run(List<String> command) {
        PrintWriter nothing = new PrintWriter(PrintWriter.nullWriter());
        Ensembled.commandLine().setOut(nothing).setErr(nothing).execute(command.toArray(String[]::new));
    }

    private static void answer(HttpServer server) {
        server.createContext("/", exchange -> {
            byte[] body = (exchange.getRequestURI().getPath().endsWith("/b")
                            ? LIST.substring(LIST.indexOf('[') + 1, LIST.lastIndexOf(']'))
                            : LIST)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static Path kubeconfig(Path work, int port) throws IOException {
        return Files.writeString(
                work.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:PORT"}}]
                users: [{name: u, user: {token: none}}]
                """
                        .replace("PORT", Integer.toString(port)));
    }
}
