package dev.ensembled.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLParameters;

/**
 * Serves the repositories of a directory over HTTP by Git's own {@code git http-backend}, and misbehaves on demand.
 * Listens on loopback, or on all addresses for clients on other machines.
 */
public final class GitHttpServer implements AutoCloseable {
    /** How requests are handled. */
    public enum Behaviour {
        SERVE,
        /** Accept the request and never answer. */
        HANG_BEFORE_HEADERS,
        /** Send half of the pack, then nothing. */
        HANG_IN_PACK,
        /** Send half of the pack, then break the connection. */
        BREAK_OFF_IN_PACK,
        /** Send the right answer, one byte every 100 ms. */
        DRIP,
        /** Answer 500. */
        FAIL,
        /** Answer 200 with a body that is not Git's. */
        GARBAGE
    }

    /** A response that is sent to every request. */
    public record Reply(int status, Map<String, String> headers, String body) {}

    private final Path root;
    private final Optional<TestCertificate> certificate;
    private final InetAddress address;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "git-http-server");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger packs = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile Behaviour behaviour = Behaviour.SERVE;
    private volatile Optional<String> authorization = Optional.empty();
    private volatile Optional<String> protocol = Optional.empty();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Set<String> headerNames = new CopyOnWriteArraySet<>();
    private volatile Optional<Reply> reply = Optional.empty();
    private volatile Optional<String> packsAt = Optional.empty();
    private volatile Optional<String[]> moved = Optional.empty();
    private HttpServer server;
    private int port;

    private GitHttpServer(Path root, Optional<TestCertificate> certificate, InetAddress address) throws IOException {
        this.root = root;
        this.certificate = certificate;
        this.address = address;
        comeBack();
    }

    public static GitHttpServer http(Path root) throws IOException {
        return new GitHttpServer(root, Optional.empty(), InetAddress.getLoopbackAddress());
    }

    /** Listens on all addresses of this machine, for instance for pods. */
    public static GitHttpServer httpForOthers(Path root) throws IOException {
        return new GitHttpServer(root, Optional.empty(), new InetSocketAddress(0).getAddress());
    }

    public static GitHttpServer https(Path root, TestCertificate certificate) throws IOException {
        return new GitHttpServer(root, Optional.of(certificate), InetAddress.getLoopbackAddress());
    }

    /** The address of the repository in that directory below the root, for clients on this machine. */
    public String url(String repository) {
        return (certificate.isPresent() ? "https" : "http") + "://127.0.0.1:" + port + "/" + repository;
    }

    public int port() {
        return port;
    }

    public void behave(Behaviour next) {
        behaviour = next;
        reply = Optional.empty();
        released.countDown();
        released = new CountDownLatch(1);
    }

    /** Requires these credentials from all requests from now on. */
    public void requireBasic(String user, String password) {
        String pair = user + ":" + password;
        authorization =
                Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** Answers with this version of the protocol, such as {@code version=0}, whatever clients request. */
    public void speakOnly(String version) {
        protocol = Optional.of(version);
    }

    /** Sends this response to every request from now on that has the required credentials. */
    public void reply(int status, Map<String, String> headers, String body) {
        reply = Optional.of(new Reply(status, headers, body));
    }

    /** Redirects every request from now on that has the required credentials to another address. */
    public void redirectTo(String location) {
        reply(302, Map.of("Location", location), "");
    }

    /** Redirects requests for a pack to another address from now on. */
    public void redirectPacksTo(String location) {
        packsAt = Optional.of(location);
    }

    /** Redirects requests for one repository to another one of this server from now on. */
    public void move(String from, String to) {
        moved = Optional.of(new String[] {"/" + from, "/" + to});
    }

    private Optional<String> redirect(URI asked) {
        if (packsAt.isPresent() && asked.getPath().endsWith("/git-upload-pack")) {
            return packsAt;
        }
        return moved.filter(names -> asked.getPath().startsWith(names[0]))
                .map(names -> asked.toString().replace(names[0], names[1]));
    }

    /** The credentials of each request that had some. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** The names of all headers that were received. */
    public Set<String> headerNames() {
        return Set.copyOf(headerNames);
    }

    /** How many requests were received. */
    public int requests() {
        return requests.get();
    }

    /** How many answers contained a pack. */
    public int packs() {
        return packs.get();
    }

    /** The bytes of all responses so far. */
    public long sent() {
        return sent.get();
    }

    /** Stops listening, and breaks all connections. */
    public void goAway() {
        released.countDown();
        server.stop(0);
    }

    /** Listens again, on the same port. */
    public void comeBack() throws IOException {
        InetSocketAddress at = new InetSocketAddress(address, port);
        if (certificate.isPresent()) {
            HttpsServer secure = HttpsServer.create(at, 0);
            secure.setHttpsConfigurator(configurator(certificate.get()));
            server = secure;
        } else {
            server = HttpServer.create(at, 0);
        }
        released = new CountDownLatch(1);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        port = server.getAddress().getPort();
    }

    private static HttpsConfigurator configurator(TestCertificate own) {
        return new HttpsConfigurator(own.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setNeedClientAuth(own.clients());
                parameters.setSSLParameters(tls);
            }
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        CountDownLatch release = released;
        Behaviour now = behaviour;
        requests.incrementAndGet();
        headerNames.addAll(exchange.getRequestHeaders().keySet());
        byte[] request = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            Optional.ofNullable(given).ifPresent(authorizations::add);
            if (authorization.isPresent() && !authorization.get().equals(given)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            Optional<Reply> redirect = redirect(exchange.getRequestURI())
                    .map(location -> new Reply(302, Map.of("Location", location), ""));
            if (redirect.or(() -> reply).isPresent()) {
                send(exchange, redirect.or(() -> reply).get());
                return;
            }
            switch (now) {
                case HANG_BEFORE_HEADERS -> await(release, 600_000);
                case FAIL -> exchange.sendResponseHeaders(500, -1);
                case GARBAGE -> send(exchange, "<html>welcome</html>".getBytes(StandardCharsets.UTF_8), now, release);
                default -> serve(exchange, request, now, release);
            }
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private void serve(HttpExchange exchange, byte[] request, Behaviour now, CountDownLatch release)
            throws IOException {
        CgiAnswer answer = CgiAnswer.of(backend(exchange), request);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        if (answer.status() != 200) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        send(exchange, answer.body(), now, release);
    }

    private void send(HttpExchange exchange, byte[] body, Behaviour now, CountDownLatch release) throws IOException {
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        boolean pack = new String(body, StandardCharsets.ISO_8859_1).contains("PACK");
        if (pack) {
            packs.incrementAndGet();
        }
        sent.addAndGet(body.length);
        OutputStream out = exchange.getResponseBody();
        if (now == Behaviour.DRIP) {
            for (int sent = 0; sent < body.length && release.getCount() > 0; sent++) {
                out.write(body[sent]);
                out.flush();
                await(release, 100);
            }
        } else if (pack && (now == Behaviour.HANG_IN_PACK || now == Behaviour.BREAK_OFF_IN_PACK)) {
            out.write(Arrays.copyOf(body, body.length / 2));
            out.flush();
            await(release, now == Behaviour.HANG_IN_PACK ? 600_000 : 1);
        } else {
            out.write(body);
        }
    }

    private ProcessBuilder backend(HttpExchange exchange) {
        ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
        var environment = backend.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        environment.put(
                "QUERY_STRING",
                Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
        var headers = exchange.getRequestHeaders();
        Optional.ofNullable(headers.getFirst("Content-Type")).ifPresent(type -> environment.put("CONTENT_TYPE", type));
        protocol.or(() -> Optional.ofNullable(headers.getFirst("Git-Protocol")))
                .ifPresent(protocol -> environment.put("GIT_PROTOCOL", protocol));
        Optional.ofNullable(headers.getFirst("Content-Encoding"))
                .ifPresent(encoding -> environment.put("HTTP_CONTENT_ENCODING", encoding));
        return backend;
    }

    private static void await(CountDownLatch release, long millis) {
        try {
            release.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        goAway();
        threads.shutdownNow();
    }
}
