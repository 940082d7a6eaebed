package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The probes over HTTP, with a platform that fails and hangs on demand, and an unreachable Git server. */
@QuarkusTest
@TestProfile(LivenessTest.Profile.class)
class LivenessTest {
    private static final Trouble TROUBLE = new Trouble();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** No server listens at the Git address; a worker counts as wedged after two seconds. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "ensembled.git.uri", "http://127.0.0.1:1/none.git",
                    "ensembled.git.cache", "target/liveness-test",
                    "ensembled.wedged-after", "2s",
                    "ensembled.resync", "200ms");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Troubled.class);
        }
    }

    @Alternative
    @ApplicationScoped
    public static class Troubled extends PlatformRuntimeFactory {
        @Override
        PlatformRuntime open(Settings settings, Clock clock) {
            StubStore store = new StubStore();
            store.put(new EnsembleId("test", "troubled"), SpecBuilder.voters(1).build());
            return new StubRuntime(store, TROUBLE);
        }
    }

    @Test
    void livenessFailsForAWedgedWorkerOnly() throws Exception {
        // Given an ensemble that cannot be observed, and an unreachable Git server
        eventually(() -> well().contains("reconciliation failed: the platform is in trouble"));
        eventually(() -> well().contains("\"do\""));
        assertThat(status("well")).isEqualTo(503);

        // Then both are reported, and the daemon is alive and ready
        Thread.sleep(2500); // longer than the time after which a worker counts as wedged
        assertThat(status("live")).isEqualTo(200);
        assertThat(status("ready")).isEqualTo(200);

        // When an observation never ends
        TROUBLE.hang = true;
        eventually(() -> status("live") == 503);
        assertThat(get("live").body()).contains("ensemble-worker");

        // Then the daemon is alive again after the worker continues
        TROUBLE.hang = false;
        TROUBLE.release.release(100);
        eventually(() -> status("live") == 200);
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

    private String well() throws Exception {
        return get("well").body();
    }

    private int status(String kind) throws Exception {
        return get(kind).statusCode();
    }

    private HttpResponse<String> get(String kind) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/q/health/" + kind);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A platform on which no observation succeeds. */
    private static final class Trouble extends StubPlatform {
        final Semaphore release = new Semaphore(0);
        volatile boolean hang;

        @Override
        public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
            if (hang) {
                release.acquireUninterruptibly();
            }
            throw new RetryLaterException("the platform is in trouble", null);
        }
    }
}
