package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.observed.Member.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The request against an HTTP server that answers as the AdminServer of ZooKeeper 3.9.5 does. */
@Timeout(30)
class SnapshotRequestTest {
    private final SnapshotRequest request = new SnapshotRequest(Duration.ofSeconds(2));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer http;
    private int status = 200;
    private boolean written = true;
    private boolean silent;

    @BeforeEach
    void listen() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        http.setExecutor(threads);
        http.createContext("/commands/snapshot", this::answer);
        http.start();
    }

    @AfterEach
    void close() {
        end.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aSnapshotIsTakenWithThePasswordThatTheServerHas() {
        assertThat(request.take(address(), List.of("newer", "good", "never-tried")))
                .isEqualTo(new Outcome.Applied());
        assertThat(asked)
                .containsExactly("GET streaming=false digest super:newer", "GET streaming=false digest super:good");
    }

    @Test
    void wrongPasswordIsReportedWithoutItsValue() {
        assertThat(request.take(address(), List.of("newer", "older")))
                .isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> assertThat(blocked.reason())
                        .contains("the super user's password", "admin.enableServer")
                        .doesNotContain("newer", "older"));
        assertThat(asked).hasSize(2);
        assertThat(request.take(address(), List.of())).isInstanceOf(Outcome.Blocked.class);
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "404,admin.enableServer to true",
        "429,is retried",
        "500,see its log for the reason",
        "503,admin.snapshot.enabled"
    })
    void refusedSnapshotRequestSaysWhatToDo(int refusal, String reason) {
        status = refusal;
        assertThat(request.take(address(), List.of("good"))).isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
            assertThat(blocked.gate()).hasToString("snapshot");
            assertThat(blocked.reason()).contains(address().toString(), reason);
        });
    }

    @Test
    void anAnswerWithoutASnapshotIsNotTaken() {
        written = false;
        assertThat(request.take(address(), List.of("good")))
                .asString()
                .contains("is not serving, or its version does not support the snapshot command");
    }

    @Test
    void unreachableServerIsBlockedWithBothRemedies() {
        HostPort gone = address();
        http.stop(0);
        assertThat(request.take(gone, List.of("good")))
                .isInstanceOf(Outcome.Blocked.class)
                .asString()
                .contains("admin.enableServer to true", "admin.enableServer to false");
    }

    @Test
    void aServerThatDoesNotEndIsRetriedInTime() {
        silent = true;
        long start = System.nanoTime();
        assertThatThrownBy(() -> request.take(address(), List.of("good"))).isInstanceOf(RetryLaterException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getQuery() + " " + authorization);
        if (silent) {
            await();
        }
        boolean known = authorization.equals("digest super:good");
        if (known && status == 200 && written) {
            exchange.getResponseHeaders().set("last_zxid", "0x100000002");
            exchange.getResponseHeaders().set("snapshot_size", "579");
        }
        byte[] body = "{\"command\":\"snapshot\",\"error\":null}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(known ? status : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void await() throws InterruptedIOException {
        try {
            assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private HostPort address() {
        return new HostPort("127.0.0.1", http.getAddress().getPort());
    }
}
