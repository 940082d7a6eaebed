package dev.ensembled.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ensembled.git.settings.MountedFile;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders get from the real listener, over sockets: forges, and clients that want to harm it. */
@Timeout(60)
class WebhookListenerTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String SECRET = "a secret of the hook";
    private static final Limits.Rate UNLIMITED = new Limits.Rate(1_000_000, Duration.ofNanos(1));
    private static final Limits LIMITS = new Limits(1_000, 5_000, 20, Duration.ofSeconds(2), UNLIMITED, UNLIMITED);

    @TempDir
    Path directory;

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile boolean running = true;
    private WebhookListener listener;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        Files.writeString(secretFile(), SECRET + "\n");
        start(LIMITS);
    }

    private void start(Limits limits) throws Exception {
        HookedSource source = new HookedSource(
                new MountedFile("webhook secret", secretFile()),
                "refs/heads/main"::equals,
                () -> {
                    fetches.incrementAndGet();
                    return running;
                },
                () -> false);
        listener = new WebhookListener(
                VERTX,
                name -> name.equals("default") ? Optional.of(source) : Optional.empty(),
                limits,
                Clock.systemUTC());
        port = listener.listen(0);
    }

    private void restart(Limits limits) throws Exception {
        listener.close();
        start(limits);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close();
    }

    private Path secretFile() {
        return directory.resolve("webhook-secret");
    }

    @Test
    void signedPushRequestsAFetch() throws Exception {
        String answer = send(signed("{\"ref\":\"refs/heads/main\"}"));

        assertThat(answer).startsWith("HTTP/1.1 202 ").endsWith("{\"fetch\":\"requested\"}\n");
        assertThat(fetches).hasValue(1);
    }

    @Test
    void pushOfAnotherBranchAndAPingRequestNone() throws Exception {
        assertThat(send(signed("{\"ref\":\"refs/heads/other\"}")))
                .startsWith("HTTP/1.1 202 ")
                .contains("does not follow");
        assertThat(send(signed("{}", "X-Ensembled-Event: ping"))).startsWith("HTTP/1.1 200 ");
        assertThat(send(signed("{}", "X-Ensembled-Event: release")))
                .startsWith("HTTP/1.1 202 ")
                .contains("not a push");
        assertThat(fetches).hasValue(0);
    }

    @Test
    void everyAnswerIsShortJsonAndClosesTheConnection() throws Exception {
        for (String request :
                List.of(signed("{}"), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", post("/hooks/default", "{}"))) {
            String answer = send(request);

            assertThat(answer.lines())
                    .contains("Content-Type: application/json", "Connection: close", "X-Content-Type-Options: nosniff")
                    .contains("Cache-Control: no-store")
                    .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("server:"));
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    .startsWith("{\"")
                    .hasSizeLessThan(400);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /hooks/other,            404",
        "POST, /hooks/default/,         404",
        "POST, /hooks/../hooks/default, 404",
        "POST, /hooks/Default,          404",
        "POST, /hooks/,                 404",
        "POST, /,                       404",
        "POST, /api/fetch,              404",
        "GET,  /,                       404",
        "GET,  /q/health/live,          404",
        "GET,  /q/health/well,          404",
        "GET,  /metrics,                404",
        "GET,  /hooks/default,          405",
        "GET,  /hooks/other,            405",
        "PUT,  /hooks/default,          405",
        "HEAD, /hooks/default,          405",
        "TRACE, /hooks/default,         405",
        "OPTIONS, *,                    404",
        "POST, /hooks/default,          401",
    })
    void nothingElseIsServed(String method, String path, int status) throws Exception {
        String answer = send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.contains("Allow: POST")).isEqualTo(status == 405);
        assertThat(fetches).hasValue(0);
    }

    /** A client cannot find out which sources exist. */
    @Test
    void unknownSourceIsAnsweredAsAnyOtherPath() throws Exception {
        assertThat(send(post("/hooks/other", "{}"))).isEqualTo(send(post("/nothing", "{}")));
    }

    @Test
    void wrongSignatureIsRefused() throws Exception {
        assertThat(send(signed("{}").replace("{}", "[]")))
                .startsWith("HTTP/1.1 401 ")
                .contains("does not match")
                .doesNotContain(SECRET);
        assertThat(send(signed("{}", "X-Ensembled-Signature: sha256=00"))).startsWith("HTTP/1.1 401 ");
        assertThat(fetches).hasValue(0);
    }

    @Test
    void withoutASecretEveryDeliveryIsRefusedAndANewSecretNeedsNoRestart() throws Exception {
        String request = signed("{}");
        for (String content : List.of("", "\n", "too short")) {
            Files.writeString(secretFile(), content);
            assertThat(send(request)).startsWith("HTTP/1.1 403 ").contains("webhook-secret");
        }
        Files.delete(secretFile());
        assertThat(send(request)).startsWith("HTTP/1.1 403 ").doesNotContain(directory.toString());
        assertThat(fetches).hasValue(0);

        Files.writeString(secretFile(), "the next secret of the hook\n" + SECRET);
        assertThat(send(request)).startsWith("HTTP/1.1 202 ");
        Files.writeString(secretFile(), "the next secret of the hook\n");
        assertThat(send(request)).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void deliveryBeforeTheDaemonRunsIsToBeSentAgain() throws Exception {
        running = false;

        assertThat(send(signed("{}"))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
    }

    @Test
    void bodyOfTheLargestSizeIsReadAndOneByteMoreIsNot() throws Exception {
        assertThat(send(signed("x".repeat(LIMITS.body())))).startsWith("HTTP/1.1 202 ");
        assertThat(send(signed("x".repeat(LIMITS.body() + 1)))).startsWith("HTTP/1.1 413 ");
        // In chunks, whose sum is not announced
        assertThat(send(chunked("x".repeat(LIMITS.body())))).startsWith("HTTP/1.1 202 ");
        assertThat(send(chunked("x".repeat(LIMITS.body() + 1)))).startsWith("HTTP/1.1 413 ");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void announcedBodyOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
        assertThat(send("POST /hooks/default HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(
                        send(
                                "POST /hooks/default HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .doesNotContain("100 Continue");
        assertThat(send(signed("{}", "Expect: 100-continue")))
                .startsWith("HTTP/1.1 100 ")
                .contains("HTTP/1.1 202 ");
    }

    @Test
    void bodiesTogetherAreLimited() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Socket socket = connect();
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST /hooks/default HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
                                        + "x".repeat(999))
                                .getBytes(UTF_8));
            }
            await().untilAsserted(
                            () -> assertThat(send(signed("x".repeat(100)))).startsWith("HTTP/1.1 503 "));
            for (Socket socket : slow) {
                socket.close();
            }
            await().untilAsserted(
                            () -> assertThat(send(signed("x".repeat(100)))).startsWith("HTTP/1.1 202 "));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "POST /hooks/def",
                "POST /hooks/default HTTP/1.1\r\nHost: x\r\n",
                "POST /hooks/default HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc",
                "POST /hooks/default HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n180\r\nab",
            })
    void slowRequestEndsAtTheDeadlineHoweverItTrickles(String start) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(start.getBytes(UTF_8));
            Thread trickle = new Thread(() -> trickle(socket));
            trickle.start();

            // Other senders are served meanwhile
            assertThat(send(signed("{}"))).startsWith("HTTP/1.1 202 ");
            // An end of the connection, and neither an answer nor the timeout of this test
            assertThat(readAll(socket)).isEmpty();
            trickle.interrupt();
            trickle.join();
        }
        assertThat(fetches).hasValue(1);
    }

    private static void trickle(Socket socket) {
        try {
            while (true) {
                Thread.sleep(100);
                socket.getOutputStream().write('x');
                socket.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException e) {
            // the server has closed the connection, or the test has ended
        }
    }

    @Test
    void connectionsAreLimited() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < LIMITS.connections(); i++) {
                idle.add(connect());
            }
            await().untilAsserted(() -> assertThat(send(signed("{}"))).isEmpty());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
        await().untilAsserted(() -> assertThat(send(signed("{}"))).startsWith("HTTP/1.1 202 "));
    }

    @Test
    void headersAndLineAreLimited() throws Exception {
        assertThat(send(signed("{}", "X-Large: " + "x".repeat(9_000)))).contains(" 431 ");
        assertThat(send("POST /hooks/" + "x".repeat(3_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains(" 414 ");
        assertThat(send("nonsense\r\n\r\n")).contains(" 400 ");
        assertThat(send("POST /hooks/default HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).doesNotContain(" 200 ", " 202 ");
        assertThat(fetches).hasValue(0);
    }

    @Test
    void verifiedDeliveriesAreLimitedPerSource() throws Exception {
        restart(new Limits(
                1_000, 5_000, 20, Duration.ofSeconds(2), UNLIMITED, new Limits.Rate(3, Duration.ofMinutes(1))));

        // Requests of others do not use up the rate
        for (int i = 0; i < 10; i++) {
            assertThat(send(post("/hooks/default", "{}"))).startsWith("HTTP/1.1 401 ");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(send(signed("{}"))).startsWith("HTTP/1.1 202 ");
        }
        assertThat(send(signed("{}"))).startsWith("HTTP/1.1 429 ").containsPattern("Retry-After: [1-9]");
        assertThat(fetches).hasValue(3);
    }

    @Test
    void requestsFromOneAddressAreLimited() throws Exception {
        restart(new Limits(
                1_000, 5_000, 20, Duration.ofSeconds(2), new Limits.Rate(3, Duration.ofMinutes(1)), UNLIMITED));

        for (int i = 0; i < 3; i++) {
            assertThat(send(post("/hooks/default", "{}"))).startsWith("HTTP/1.1 401 ");
        }
        assertThat(send(signed("{}"))).startsWith("HTTP/1.1 429 ").containsPattern("Retry-After: [1-9]");
        // A sender at another address is served
        assertThat(send(InetAddress.getByName("127.0.0.2"), signed("{}"))).startsWith("HTTP/1.1 202 ");
    }

    @Test
    void portInUseIsAClearError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                WebhookListener second =
                        new WebhookListener(VERTX, name -> Optional.empty(), LIMITS, Clock.systemUTC())) {
            assertThatThrownBy(() -> second.listen(taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("ENSEMBLED_WEBHOOK_PORT");
        }
    }

    private static String signed(String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("X-Ensembled-Signature: sha256=" + Hmac.sha256(SECRET, body.getBytes(UTF_8)));
        return post("/hooks/default", body, all.toArray(String[]::new));
    }

    private static String post(String path, String body, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n"
                + String.join(
                        "",
                        List.of(headers).stream().map(header -> header + "\r\n").toList()) + "\r\n" + body;
    }

    private static String chunked(String body) {
        int half = body.length() / 2;
        return "POST /hooks/default HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-Ensembled-Signature: sha256="
                + Hmac.sha256(SECRET, body.getBytes(UTF_8)) + "\r\n\r\n" + chunk(body.substring(0, half))
                + chunk(body.substring(half)) + chunk("");
    }

    private static String chunk(String part) {
        return Integer.toHexString(part.length()) + "\r\n" + part + "\r\n";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String send(String request) throws IOException {
        return send(InetAddress.getLoopbackAddress(), request);
    }

    /** By hand, since clients of the JDK repair what is malformed; returns everything until the server closes. */
    private String send(InetAddress from, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return readAll(socket);
        }
    }

    private static String readAll(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (java.net.SocketException e) {
            return ""; // reset: the server had not read everything
        }
    }
}
