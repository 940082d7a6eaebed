package dev.ensembled.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a repository by Git's smart HTTP protocol from this machine, and can be stopped for a while. */
public final class GitServer implements AutoCloseable {
    private final GitRepo repository;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger packs = new AtomicInteger();
    private HttpServer server;

    public GitServer(GitRepo repository) {
        this.repository = repository;
        server = listen(0);
    }

    private HttpServer listen(int port) {
        try {
            HttpServer listening = HttpServer.create(new InetSocketAddress(port), 0);
            listening.createContext("/", this::serve);
            listening.setExecutor(threads);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of the repository, for pods. */
    public String url() {
        return "http://" + TestCluster.gitHost() + ":" + port() + "/config.git";
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops answering at this address. */
    public void goAway() {
        server.stop(0);
    }

    /** Answers again at the same address. */
    public void comeBack() {
        server = listen(port());
    }

    /** How many times a client requested objects. */
    public int packsServed() {
        return packs.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Process backend = backend(exchange);
            try {
                try (OutputStream input = backend.getOutputStream()) {
                    exchange.getRequestBody().transferTo(input);
                }
                answer(exchange, new BufferedInputStream(backend.getInputStream()));
            } finally {
                backend.destroyForcibly();
            }
            if (exchange.getRequestURI().getPath().endsWith("/git-upload-pack")) {
                packs.incrementAndGet();
            }
        }
    }

    private Process backend(HttpExchange exchange) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> cgi = builder.environment();
        cgi.put("GIT_PROJECT_ROOT", repository.bare().getParent().toString());
        cgi.put("GIT_HTTP_EXPORT_ALL", "1");
        cgi.put("REQUEST_METHOD", exchange.getRequestMethod());
        cgi.put("PATH_INFO", exchange.getRequestURI().getPath());
        putIfThere(cgi, "QUERY_STRING", exchange.getRequestURI().getRawQuery());
        putIfThere(cgi, "CONTENT_TYPE", exchange.getRequestHeaders().getFirst("Content-Type"));
        putIfThere(cgi, "HTTP_CONTENT_ENCODING", exchange.getRequestHeaders().getFirst("Content-Encoding"));
        putIfThere(cgi, "GIT_PROTOCOL", exchange.getRequestHeaders().getFirst("Git-Protocol"));
        return builder.start();
    }

    private static void putIfThere(Map<String, String> cgi, String name, String value) {
        cgi.put(name, value == null ? "" : value);
    }

    private static void answer(HttpExchange exchange, InputStream output) throws IOException {
        int status = 200;
        for (String line = readLine(output); !line.isEmpty(); line = readLine(output)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        output.transferTo(exchange.getResponseBody());
    }

    private static String readLine(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c != '\n' && c != -1; c = input.read()) {
            line.append((char) c);
        }
        return new String(line.toString().strip().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
