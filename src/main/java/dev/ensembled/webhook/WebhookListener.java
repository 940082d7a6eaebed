package dev.ensembled.webhook;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.web.SecurityHeaders;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The HTTP server for webhooks, on a port that serves nothing else. It expects requests from the whole internet: each
 * connection has one request and a deadline, and is limited in size before it is read. Deliveries are handled by worker
 * threads.
 */
final class WebhookListener implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WebhookListener.class);
    private static final Pattern PATH = Pattern.compile("/hooks/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    /** How long a refused body is received and discarded, so that the sender reads the answer before the connection ends. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final int LONGEST_LINE = 2_048;
    private static final int LARGEST_HEADERS = 8_192;

    private final Vertx vertx;
    private final Function<String, Optional<HookedSource>> sources;
    private final Limits limits;
    private final DeliveryHandler handler;
    private final RateLimiter clients;
    private final BodyReader.Memory memory = new BodyReader.Memory();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;

    /**
     * Creates a listener that does not listen yet.
     *
     * @param sources finds a source by its name; called by the event loop, so it must not block
     */
    WebhookListener(Vertx vertx, Function<String, Optional<HookedSource>> sources, Limits limits, Clock clock) {
        this.vertx = vertx;
        this.sources = sources;
        this.limits = limits;
        this.handler = new DeliveryHandler(limits, clock);
        this.clients = new RateLimiter(limits.client(), System::nanoTime);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LARGEST_HEADERS)
                        .setIdleTimeout((int) limits.deadline().toSeconds() + 1))
                .connectionHandler(this::connected)
                .requestHandler(this::received);
    }

    /**
     * Listens at all addresses; returns the port.
     *
     * @param port 0 for any
     * @throws IOException if the port is in use or not permitted; the message says what to do
     */
    int listen(int port) throws IOException, InterruptedException {
        try {
            return server.listen(port, "0.0.0.0")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .actualPort();
        } catch (ExecutionException e) {
            // Without the cause: the command line shows the innermost message, which does not say what to do.
            throw new IOException("cannot listen for webhooks at port " + port + ": "
                    + e.getCause().getMessage() + ". Set ENSEMBLED_WEBHOOK_PORT to a free port");
        } catch (TimeoutException e) {
            throw new IOException("no response while opening port " + port + " for webhooks", e);
        }
    }

    private void connected(HttpConnection connection) {
        if (connections.incrementAndGet() > limits.connections()) {
            connections.decrementAndGet();
            connection.close();
            return;
        }
        long timer = vertx.setTimer(limits.deadline().toMillis(), late -> connection.close());
        connection.closeHandler(closed -> {
            vertx.cancelTimer(timer);
            connections.decrementAndGet();
        });
    }

    private void received(HttpServerRequest request) {
        Matcher path = PATH.matcher(request.path() == null ? "" : request.path());
        if (!path.matches()) {
            answer(request, Answer.NOT_FOUND);
        } else if (!request.method().equals(HttpMethod.POST)) {
            answer(request, Answer.NOT_ALLOWED);
        } else {
            deliver(request, path.group(1));
        }
    }

    private void deliver(HttpServerRequest request, String name) {
        Optional<HookedSource> source = sources.apply(name);
        if (source.isEmpty()) {
            answer(request, Answer.NOT_FOUND);
            return;
        }
        Duration wait = clients.take(request.remoteAddress().hostAddress());
        if (!wait.isZero()) {
            answer(request, Answer.tooMany(wait));
            return;
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers()
                .names()
                .forEach(header -> headers.put(header, request.headers().getAll(header)));
        BodyReader.read(
                request,
                limits,
                memory,
                body -> handle(request, name, source.get(), new Delivery(headers, body)),
                refusal -> answer(request, refusal));
    }

    private void handle(HttpServerRequest request, String name, HookedSource source, Delivery delivery) {
        vertx.executeBlocking(() -> handler.handle(name, source, delivery), false)
                .onSuccess(answer -> answer(request, answer))
                .onFailure(failure -> {
                    LogEntry.of("webhook failed").with(LogKey.SOURCE, name).log(LOG, Logger.Level.ERROR, failure);
                    answer(request, Answer.FAILED);
                });
    }

    private void answer(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        SecurityHeaders.set(response.headers());
        response.putHeader("Content-Type", "application/json").putHeader("Connection", "close");
        if (answer.status() == Answer.NOT_ALLOWED.status()) {
            response.putHeader("Allow", "POST");
        }
        if (answer.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Long.toString(answer.retryAfterSeconds()));
        }
        response.setStatusCode(answer.status()).end(answer.body()).onComplete(sent -> finish(request));
    }

    /** Closes the connection once the sender has sent its request, or soon. */
    private void finish(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        request.handler(discarded -> {}).endHandler(end -> connection.close());
        vertx.setTimer(LINGER.toMillis(), late -> connection.close());
    }

    @Override
    public void close() {
        server.close();
    }
}
