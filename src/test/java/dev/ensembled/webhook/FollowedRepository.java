package dev.ensembled.webhook;

import dev.ensembled.git.GitSource;
import dev.ensembled.git.GitState;
import dev.ensembled.git.MemoryRecord;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.stub.StubStore;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A real Git source that would fetch only every ten minutes, and the real listener that makes it fetch at once. */
final class FollowedRepository implements AutoCloseable {
    static final String SECRET = "a secret of the hook";

    private final Vertx vertx = Vertx.vertx();
    private final GitSource source;
    private final WebhookListener listener;
    private final int port;
    private volatile long hintedAt;

    FollowedRepository(String url, Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("webhook-secret"), SECRET + "\n");
        GitSettings settings = new GitSettings(
                RemoteUrl.of(url),
                "main",
                "",
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache"));
        CommitReader reader = new CommitReader(new SpecReader("default", Policy.DEFAULT));
        source = new GitSource(settings, "here", new MemoryRecord(), reader::read, new StubStore(), Clock.systemUTC());
        HookedSource hooked = new HookedSource(
                new MountedFile("webhook secret", secret), settings.reference()::movesWith, this::fetch, () -> false);
        listener = new WebhookListener(
                vertx,
                name -> name.equals("default") ? Optional.of(hooked) : Optional.empty(),
                Limits.DEFAULT,
                Clock.systemUTC());
        port = listener.listen(0);
        source.start();
    }

    private boolean fetch() {
        hintedAt = System.nanoTime();
        source.fetchNow();
        return true;
    }

    int port() {
        return port;
    }

    GitState state() {
        return source.state();
    }

    /** The id of the commit that was read last; empty before the first one. */
    String commit() {
        return state().commit().map(GitState.Commit::id).orElse("");
    }

    /** When the last hint was given, as {@link System#nanoTime}. */
    long hintedAt() {
        return hintedAt;
    }

    @Override
    public void close() {
        listener.close();
        source.close();
        vertx.close();
    }
}
