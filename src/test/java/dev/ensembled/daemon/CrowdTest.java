package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.stub.StubPlatform;
import dev.ensembled.stub.StubStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Many ensembles that are created and removed, a commit of invalid files, and clients that do not finish their requests. */
@QuarkusTest
@TestProfile(CrowdTest.Profile.class)
class CrowdTest {
    private static final Crowd CROWD = new Crowd();
    private static final int BAD_FILES = 1_000;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** A repository of invalid files, and a runtime with ever more ensembles. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "ensembled.git.uri", "file://" + badFiles(),
                    "ensembled.git.cache", "target/crowd-test",
                    "ensembled.resync", "10ms");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Crowded.class);
        }
    }

    @Alternative
    @ApplicationScoped
    public static class Crowded extends PlatformRuntimeFactory {
        @Override
        PlatformRuntime open(Settings settings, Clock clock) {
            return new StubRuntime(CROWD, new TroubledPlatform());
        }
    }

    private static Path badFiles() {
        StringBuilder bad = new StringBuilder(
                "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\nmetadata: {name: a}\nspec:\n");
        for (int field = 0; field < 40; field++) {
            bad.append("  ").append("unknown".repeat(20)).append(field).append(": 1\n");
        }
        try {
            Path directory = Files.createTempDirectory("crowd-test").resolve("config.git");
            try (ConfigRepo repo = new ConfigRepo(directory)) {
                for (int file = 0; file < BAD_FILES; file++) {
                    repo.write("f" + file + ".yaml", bad.toString());
                }
                repo.commit("Bad");
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void healthAnswersWhileEnsemblesComeAndGo() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(8);
        CROWD.grow = true;
        try {
            List<Future<Set<Integer>>> answers = readers.invokeAll(
                    IntStream.range(0, 8).mapToObj(reader -> read()).toList());

            for (Future<Set<Integer>> answer : answers) {
                assertThat(answer.get()).containsOnly(503);
            }
        } finally {
            CROWD.grow = false;
            readers.shutdownNow();
        }
        assertThat(well().body()).contains("\"ensemble crowd/e0\"").contains("the platform is in trouble");
    }

    private Callable<Set<Integer>> read() {
        return () -> {
            Set<Integer> statuses = new java.util.HashSet<>();
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            while (System.nanoTime() < end) {
                statuses.add(well().statusCode());
            }
            return statuses;
        };
    }

    @Test
    void aThousandBadFilesAreShownInPart() throws Exception {
        String body = well().body();
        for (int observed = 0; observed < 600 && !body.contains("violation-1\""); observed++) {
            Thread.sleep(50);
            body = well().body();
        }

        assertThat(body).contains("\"violation-20\"").doesNotContain("\"violation-21\"");
        assertThat(body).containsPattern("\"more-violations\": \"\\d+ more; " + BAD_FILES + " files have violations");
        assertThat(body.substring(body.indexOf("git source")).length()).isLessThan(60_000 + 500 * CROWD.size());
    }

    @Test
    void unfinishedRequestsAreClosedAndBlockNoOther() throws Exception {
        List<Socket> unfinished = new ArrayList<>();
        try {
            for (int client = 0; client < 300; client++) {
                unfinished.add(connect(client % 2 == 0 ? "GET /q/health/live HTTP/1.1\r\nHost: a\r\nX-Slow: " : ""));
            }
            unfinished.add(connect("POST /api/fetch HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc"));
            long started = System.nanoTime();

            assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
            for (Socket socket : unfinished) {
                socket.setSoTimeout(60_000);
                drain(socket.getInputStream());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(1));
        } finally {
            for (Socket socket : unfinished) {
                socket.close();
            }
        }
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void tooLongRequestIsRefused() throws Exception {
        assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(answer("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .contains(" 414 ");
        assertThat(answer("POST /api/fetch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"))
                .contains(" 413 ");
    }

    private Socket connect(String beginning) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** Reads until the other side closes the connection; a timeout fails the test. */
    private static void drain(InputStream in) throws IOException {
        try {
            while (in.read() >= 0) {
                // an answer with a reason
            }
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private String answer(String request) throws IOException {
        try (Socket socket = connect(request)) {
            socket.setSoTimeout(20_000);
            byte[] first = new byte[64];
            int count = socket.getInputStream().read(first);
            return new String(first, 0, Math.max(count, 0), StandardCharsets.US_ASCII);
        }
    }

    private HttpResponse<String> well() throws Exception {
        return get("/q/health/well");
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static final class TroubledPlatform extends StubPlatform {
        @Override
        public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
            throw new RetryLaterException("the platform is in trouble", null);
        }
    }

    /** A store in which every list of the ensembles is another one. */
    private static final class Crowd extends StubStore {
        private static final int MOST = 2_000;

        volatile boolean grow;
        private final AtomicInteger count = new AtomicInteger(1);

        int size() {
            return count.get();
        }

        @Override
        public List<Accepted> list() {
            if (grow && count.get() < MOST) {
                count.addAndGet(5);
            }
            return IntStream.range(0, count.get()).mapToObj(Crowd::accepted).toList();
        }

        private static Accepted accepted(int number) {
            EnsembleId id = new EnsembleId("crowd", "e" + number);
            return accepted(id, SpecBuilder.voters(1).build(), EnsembleStatus.empty());
        }

        @Override
        public Optional<Accepted> get(EnsembleId id) {
            int number = Integer.parseInt(id.name().substring(1));
            boolean leaves = grow && number > 0 && number % 3 == 0;
            return leaves ? Optional.empty() : Optional.of(accepted(number));
        }
    }
}
