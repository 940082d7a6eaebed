package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.leadership.Hint;
import dev.ensembled.leadership.Leadership;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A replica that follows, over HTTP, until it leads. */
@QuarkusTest
@TestProfile(FollowerTest.Profile.class)
class FollowerTest {
    private static final EnsembleId KAFKA = new EnsembleId("test", "kafka");
    private static final Election ELECTION = new Election();
    private static final CountingStore STORE = new CountingStore();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** A worker or a source counts as wedged after one second. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "ensembled.git.uri", "http://127.0.0.1:1/none.git",
                    "ensembled.git.cache", "target/follower-test",
                    "ensembled.wedged-after", "1s",
                    "ensembled.resync", "100ms");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Following.class);
        }
    }

    @Alternative
    @ApplicationScoped
    public static class Following extends PlatformRuntimeFactory {
        @Override
        PlatformRuntime open(Settings settings, Clock clock) {
            STORE.put(KAFKA, SpecBuilder.voters(1).build());
            return new StubRuntime(STORE, new StubPlatform(), source -> AcceptedCommits.none(), ELECTION);
        }
    }

    @Test
    void followerServesWithoutActingUntilItLeads() throws Exception {
        // Given a replica that follows, for longer than the time after which a loop counts as wedged
        eventually(() -> get("/ensembles/test/kafka").contains("This replica follows."));
        Thread.sleep(1_500);

        // Then it is alive and ready, shows the ensembles, and has written nothing
        assertThat(get("/q/health/live")).contains("\"status\": \"UP\"");
        assertThat(get("/q/health/ready")).contains("\"role\": \"follower\"", "\"leader\": \"another\"");
        assertThat(get("/q/health/well")).contains("ensemble test/kafka");
        assertThat(get("/q/health/well")).contains("this replica follows; another leads and reads Git");
        assertThat(get("/metrics")).contains("ensembled_leader 0.0").doesNotContain("ensembled_ensemble_condition");
        assertThat(STORE.statuses).hasValue(0);

        // And it passes hints on, for a source that exists
        assertThat(post("/api/fetch")).isEqualTo(202);
        assertThat(ELECTION.passed).containsExactly(new Hint(Hint.Kind.FETCH, "default"));

        // When it leads, then it acts, and reads Git itself
        ELECTION.win();
        eventually(() -> STORE.statuses.get() > 0);
        assertThat(get("/q/health/ready")).contains("\"role\": \"leader\"");
        eventually(() -> get("/q/health/well").contains("http://127.0.0.1:1/none.git"));
        eventually(() -> get("/metrics").contains("ensembled_leader 1.0"));
        assertThat(post("/api/fetch")).isEqualTo(202);
        assertThat(ELECTION.passed).hasSize(1);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void eventually(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private int post(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static final class CountingStore extends StubStore {
        final AtomicInteger statuses = new AtomicInteger();

        @Override
        public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
            statuses.incrementAndGet();
            super.writeStatus(id, before, status);
        }
    }

    /** An election that another replica has won, until this one wins. */
    private static final class Election implements Leadership {
        final List<Hint> passed = new CopyOnWriteArrayList<>();
        private volatile Listener listener;
        private volatile boolean leads;

        void win() {
            leads = true;
            listener.leads();
        }

        @Override
        public void start(Listener started) {
            listener = started;
        }

        @Override
        public boolean isLeading() {
            return leads;
        }

        @Override
        public Optional<String> leader() {
            return Optional.of(leads ? "this" : "another");
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public void pass(Hint hint) {
            passed.add(hint);
        }

        @Override
        public Optional<String> refusal() {
            return leads ? Optional.empty() : Optional.of("another replica leads");
        }

        @Override
        public void close(boolean atRest) {}
    }
}
