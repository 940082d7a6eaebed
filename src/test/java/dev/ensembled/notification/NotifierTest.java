package dev.ensembled.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ensembled.backoff.ExponentialBackoff;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Receivers that work, and receivers that fail in each way that a server can fail. */
class NotifierTest {
    private static final String KEY = "0123456789abcdef-key";
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration OLDEST = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Notifier notifier;

    private record Received(String contentType, String signature, String body) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        restart(0);
    }

    private void restart(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/hook", this::handle);
        server.start();
    }

    @AfterEach
    void end() {
        if (notifier != null) {
            notifier.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer next;
        synchronized (answers) {
            next = answers.poll();
        }
        received.add(new Received(
                exchange.getRequestHeaders().getFirst("Content-Type"),
                exchange.getRequestHeaders().getFirst("X-Signature"),
                body));
        try {
            if (next == null) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                next.give(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private Receiver receiver(Receiver.Type type, String url) throws IOException {
        Path credentials = Files.createDirectories(directory.resolve(type.name()));
        Files.writeString(credentials.resolve("url"), url + "\n");
        Files.writeString(credentials.resolve("hmac-key"), KEY + "\n");
        return new Receiver("ops", type, credentials, Severity.INFO, List.of());
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** The answer to the next request; without one, a request succeeds. */
    private void answer(Answer next) {
        synchronized (answers) {
            answers.add(next);
        }
    }

    private void notify(Receiver... receivers) {
        notify(OLDEST, receivers);
    }

    private void notify(Duration oldest, Receiver... receivers) {
        ExponentialBackoff backoff =
                new ExponentialBackoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1));
        notifier = new Notifier(List.of(receivers), "prod", TIMEOUT, backoff, oldest, Clock.systemUTC());
    }

    private static Notification notification(String text) {
        return new Notification(
                UUID.randomUUID(),
                Instant.now(),
                Severity.ERROR,
                "rollout.stalled",
                new EnsembleId("streaming", "kafka"),
                Optional.of("c0ffee"),
                text,
                Map.of("gate", "budget"));
    }

    private Received next() throws InterruptedException {
        Received next = received.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a request").isNotNull();
        return next;
    }

    private String nextText() throws InterruptedException, IOException {
        return next().json().path("text").asText();
    }

    @Test
    void webhookIsJsonThatIsSignedWithTheKey() throws Exception {
        notify(receiver(Receiver.Type.WEBHOOK, url()));

        notifier.send(notification("it waits"));

        Received request = next();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(request.signature())
                .isEqualTo("sha256="
                        + HexFormat.of().formatHex(mac.doFinal(request.body().getBytes(StandardCharsets.UTF_8))));
        assertThat(request.contentType()).isEqualTo("application/json");
        assertThat(request.json().path("namespace").asText()).isEqualTo("streaming");
        assertThat(request.json().path("name").asText()).isEqualTo("kafka");
        assertThat(request.json().path("severity").asText()).isEqualTo("error");
        assertThat(request.json().path("commit").asText()).isEqualTo("c0ffee");
        assertThat(request.json().path("gate").asText()).isEqualTo("budget");
        assertThat(request.json().path("installation").asText()).isEqualTo("prod");
        assertThat(request.json().path("text").asText()).isEqualTo("it waits");
    }

    @Test
    void cloudEventHasTheAttributesOfTheSpecification() throws Exception {
        notify(receiver(Receiver.Type.CLOUDEVENTS, url()));
        Notification sent = notification("it waits");

        notifier.send(sent);

        Received request = next();
        JsonNode event = request.json();
        assertThat(request.contentType()).startsWith("application/cloudevents+json");
        assertThat(request.signature()).isNull();
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id").asText()).isEqualTo(sent.id().toString());
        assertThat(event.path("type").asText()).isEqualTo("dev.ensembled.rollout.stalled");
        assertThat(event.path("source").asText()).isEqualTo("/ensembled/prod");
        assertThat(event.path("subject").asText()).isEqualTo("streaming/kafka");
        assertThat(event.path("data").path("text").asText()).isEqualTo("it waits");
    }

    @Test
    void textForSlackCannotMentionAChannelOrHideALink() throws Exception {
        Format.Body body = new Format(Receiver.Type.SLACK, "prod").of(notification("<!channel> a & b"));

        assertThat(new ObjectMapper().readTree(body.text()).path("text").asText())
                .isEqualTo("[error] streaming/kafka: &lt;!channel&gt; a &amp; b (commit c0ffee)");
    }

    static Stream<Named<Answer>> failures() {
        return Stream.of(
                Named.of("error", exchange -> exchange.sendResponseHeaders(500, -1)),
                Named.of("overload", exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    exchange.sendResponseHeaders(429, -1);
                }),
                Named.of("overload without end", exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "garbage");
                    exchange.sendResponseHeaders(503, -1);
                }),
                Named.of("unauthorized", exchange -> exchange.sendResponseHeaders(401, -1)),
                Named.of("redirect", exchange -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                }),
                Named.of("connection closed without an answer", HttpExchange::close),
                Named.of("no answer", exchange -> Thread.sleep(5_000)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void requestThatFailsIsRepeatedWithTheSameId(Answer failure) throws Exception {
        notify(receiver(Receiver.Type.WEBHOOK, url()));
        answer(failure);

        notifier.send(notification("first"));
        notifier.send(notification("second"));

        // The notification is repeated until it is delivered, and the next one follows
        Received failed = next();
        Received repeated = next();
        assertThat(repeated.json()).isEqualTo(failed.json());
        assertThat(nextText()).isEqualTo("second");
        assertThat(received.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void receiverThatWantsToBeLeftAloneIs() throws Exception {
        notify(receiver(Receiver.Type.WEBHOOK, url()));
        answer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "2");
            exchange.sendResponseHeaders(429, -1);
        });

        notifier.send(notification("text"));

        next();
        assertThat(received.poll(1, TimeUnit.SECONDS)).isNull();
        next();
    }

    @Test
    void refusedNotificationIsNotRepeated() throws Exception {
        notify(receiver(Receiver.Type.WEBHOOK, url()));
        answer(exchange -> exchange.sendResponseHeaders(400, -1));

        notifier.send(notification("first"));
        notifier.send(notification("second"));

        assertThat(nextText()).isEqualTo("first");
        assertThat(nextText()).isEqualTo("second");
    }

    @Test
    void endlessAnswerIsNotRead() throws Exception {
        notify(receiver(Receiver.Type.WEBHOOK, url()));
        answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(new byte[8_192]);
                }
            }
        });

        notifier.send(notification("first"));
        notifier.send(notification("second"));

        assertThat(nextText()).isEqualTo("first");
        assertThat(nextText()).isEqualTo("second");
    }

    @Test
    void receiverThatIsAwayGetsTheNotificationWhenItIsBack() throws Exception {
        int port = server.getAddress().getPort();
        Receiver receiver = receiver(Receiver.Type.WEBHOOK, url());
        server.stop(0);
        notify(receiver);

        notifier.send(notification("text"));
        Thread.sleep(300);
        restart(port);

        assertThat(nextText()).isEqualTo("text");
    }

    @Test
    void receiverThatHangsDelaysNeitherTheCallerNorAnotherReceiver() throws Exception {
        Receiver hangs = receiver(Receiver.Type.CLOUDEVENTS, url().replace("/hook", "/hang"));
        server.createContext("/hang", exchange -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        notify(hangs, receiver(Receiver.Type.WEBHOOK, url()));

        for (int number = 0; number < 100; number++) {
            notifier.send(notification(String.valueOf(number)));
        }

        for (int number = 0; number < 100; number++) {
            assertThat(nextText()).isEqualTo(String.valueOf(number));
        }
    }

    @Test
    void newestNotificationsWaitWhenThereAreTooMany() throws Exception {
        int port = server.getAddress().getPort();
        Receiver receiver = receiver(Receiver.Type.WEBHOOK, url());
        server.stop(0);
        notify(receiver);

        for (int number = 0; number < 1_010; number++) {
            notifier.send(notification(String.valueOf(number)));
        }
        restart(port);

        // One may have been taken out of the queue already
        List<String> texts = new ArrayList<>();
        while (!texts.contains("1009")) {
            texts.add(nextText());
        }
        assertThat(texts).hasSizeBetween(1_000, 1_001).endsWith("1008", "1009");
    }

    @Test
    void notificationThatIsTooOldIsDroppedAndTheNextIsSent() throws Exception {
        notify(Duration.ofMillis(1), receiver(Receiver.Type.WEBHOOK, url()));
        answer(exchange -> exchange.sendResponseHeaders(500, -1));

        notifier.send(notification("first"));
        notifier.send(notification("second"));

        assertThat(nextText()).isEqualTo("first");
        assertThat(nextText()).isEqualTo("second");
    }

    @Test
    void urlThatIsWrittenLaterIsUsedAndIsRemovedFromTexts() throws Exception {
        Receiver receiver = receiver(Receiver.Type.WEBHOOK, url());
        Files.delete(receiver.credentials().resolve("url"));
        notify(receiver);

        notifier.send(notification("text"));
        Thread.sleep(100);
        server.createContext("/services/T0S33D", this::handle);
        Files.writeString(receiver.credentials().resolve("url"), url().replace("/hook", "/services/T0S33D"));

        assertThat(nextText()).isEqualTo("text");
        assertThat(Redaction.text("refused by /services/T0S33D with " + KEY)).isEqualTo("refused by *** with ***");
    }

    @Test
    void urlForSlackMustBeEncrypted() throws Exception {
        notify(receiver(Receiver.Type.SLACK, url()), receiver(Receiver.Type.WEBHOOK, url()));

        notifier.send(notification("text"));

        assertThat(next().signature()).isNotNull();
        assertThat(received.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
}
