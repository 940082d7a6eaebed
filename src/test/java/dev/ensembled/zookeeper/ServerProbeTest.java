package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Server;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The probe against peers that are not healthy ZooKeeper servers; healthy ones are in the tests of real ensembles. */
@Timeout(30)
class ServerProbeTest {
    private static final Duration DEADLINE = Duration.ofMillis(2_900);
    private final ServerProbe probe = new ServerProbe(Clock.systemUTC());

    @AfterEach
    void close() {
        probe.close();
    }

    @Test
    void closedPortIsDown() throws IOException {
        HostPort free;
        try (ServerSocket socket = listen()) {
            free = address(socket);
        }
        assertThat(probe.ask(free)).isInstanceOf(Server.Down.class);
    }

    @Test
    void silentPeerIsUnknownInTimeAndDelaysNoOther() throws IOException {
        // Given two servers that accept connections and do not answer, and an address without a server
        HostPort free;
        try (ServerSocket socket = listen()) {
            free = address(socket);
        }
        try (ServerSocket silent = listen();
                ServerSocket alsoSilent = listen()) {
            long start = System.nanoTime();
            Map<Integer, Server> answers = probe.askAll(Map.of(1, address(silent), 2, address(alsoSilent), 3, free));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE);
            assertThat(answers.get(1))
                    .isInstanceOf(Server.Unknown.class)
                    .asString()
                    .contains("paused, overloaded");
            assertThat(answers.get(2)).isInstanceOf(Server.Unknown.class);
            assertThat(answers.get(3)).isInstanceOf(Server.Down.class);
        }
    }

    @Test
    void aPeerThatTricklesItsAnswerIsUnknownInTime() throws Exception {
        try (ServerSocket socket = listen()) {
            Thread trickle = answering(socket, out -> {
                for (int i = 0; i < 100; i++) {
                    out.write("zk_version\t3\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    sleep(200);
                }
            });
            long start = System.nanoTime();
            assertThat(probe.ask(address(socket))).isInstanceOf(Server.Unknown.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE);
            trickle.interrupt();
            trickle.join();
        }
    }

    @Test
    void anEndlessAnswerIsUnknown() throws Exception {
        try (ServerSocket socket = listen()) {
            Thread flood = answering(socket, out -> {
                byte[] line = new byte[8192];
                while (true) {
                    out.write(line);
                }
            });
            assertThat(probe.ask(address(socket)))
                    .isInstanceOf(Server.Unknown.class)
                    .asString()
                    .contains("response exceeds 65536 bytes");
            flood.join();
        }
    }

    @Test
    void anotherKindOfServerIsUnknown() throws Exception {
        try (ServerSocket socket = listen()) {
            Thread http = answering(
                    socket, out -> out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(probe.ask(address(socket)))
                    .isInstanceOf(Server.Unknown.class)
                    .asString()
                    .contains("not from ZooKeeper 3.6");
            http.join();
        }
    }

    @Test
    void aNameThatDoesNotResolveIsUnknownAndNotDown() {
        assertThat(probe.ask(new HostPort("no-such-host.invalid", 2181))).isInstanceOf(Server.Unknown.class);
    }

    private interface Answer {
        void write(OutputStream out) throws IOException;
    }

    private static Thread answering(ServerSocket socket, Answer answer) {
        Thread thread = new Thread(() -> {
            try (Socket peer = socket.accept()) {
                byte[] word = peer.getInputStream().readNBytes(4);
                assertThat(word).hasSize(4);
                answer.write(peer.getOutputStream());
            } catch (IOException e) {
                assertThat(e)
                        .as("the probe hangs up, which is all that may happen")
                        .isNotNull();
            }
        });
        thread.start();
        return thread;
    }

    private static void sleep(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static HostPort address(ServerSocket socket) {
        return new HostPort("127.0.0.1", socket.getLocalPort());
    }
}
