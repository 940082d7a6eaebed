package dev.ensembled.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.e2e.harness.Command;
import dev.ensembled.e2e.harness.Forge;
import dev.ensembled.e2e.harness.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to a real forge (Gitea) that sends signed webhooks to the listener, and the real Git source behind it. */
@EnabledIfEnvironmentVariable(named = Forge.SCRIPT, matches = ".+")
class ForgeWebhookIT {
    private static final int PUSHES = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    @Test
    void pushToTheForgeIsFetchedAtOnce() throws Exception {
        try (Forge forge = Forge.start(directory.resolve("forge"), "127.0.0.1")) {
            forge.createRepository("config");
            try (FollowedRepository followed = new FollowedRepository(forge.cloneUrl("config"), directory)) {
                await().atMost(TIMEOUT).until(() -> !followed.commit().isEmpty());
                String target = "http://127.0.0.1:" + followed.port() + "/hooks/default";
                long hook = forge.createWebhook("config", target, FollowedRepository.SECRET, "push");
                Path clone = directory.resolve("clone");
                git(directory, "clone", "--quiet", forge.pushUrl("config"), clone.toString());

                // A push to the followed branch is fetched, whose source would fetch only after ten minutes
                List<Latency> times = new ArrayList<>();
                for (int i = 0; i < PUSHES; i++) {
                    times.add(pushAndAwait(followed, clone));
                    Thread.sleep(1_100); // a source fetches at most once per second
                }
                report(times);

                // A push to another branch is not
                long before = followed.hintedAt();
                git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/other");
                Thread.sleep(2_000);
                assertThat(followed.hintedAt()).isEqualTo(before);
                // The forge's own button for a test sends a push of the default branch
                forge.call(
                        "POST", "repos/admin/config/hooks/" + hook + "/tests", new ObjectMapper().createObjectNode());
                await().atMost(TIMEOUT).until(() -> followed.hintedAt() != before);

                // And a webhook with another secret requests nothing
                forge.call("DELETE", "repos/admin/config/hooks/" + hook, new ObjectMapper().createObjectNode());
                forge.createWebhook("config", target, "another secret than that one", "push");
                long last = followed.hintedAt();
                git(clone, "push", "--quiet", "origin", commit(clone) + ":refs/heads/main");
                Thread.sleep(2_000);
                assertThat(followed.hintedAt()).isEqualTo(last);
            }
        }
    }

    /** In milliseconds, from the end of the push. */
    private record Latency(long toDelivery, long toCommit) {}

    private static Latency pushAndAwait(FollowedRepository followed, Path clone) {
        String commit = commit(clone);
        long before = followed.hintedAt();
        git(clone, "push", "--quiet", "origin", "HEAD:main");
        long pushed = System.nanoTime();
        await().atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> followed.commit().equals(commit));
        long fetched = System.nanoTime();
        assertThat(followed.hintedAt()).isNotEqualTo(before);
        return new Latency((followed.hintedAt() - pushed) / 1_000_000, (fetched - pushed) / 1_000_000);
    }

    private static String commit(Path clone) {
        git(
                clone,
                "-c",
                "user.name=A Team",
                "-c",
                "user.email=team@example.com",
                "commit",
                "--quiet",
                "--allow-empty",
                "--message=A change");
        return git(clone, "rev-parse", "HEAD").strip();
    }

    private static String git(Path where, String... arguments) {
        return Command.of("git").and(arguments).in(where).run();
    }

    private static void report(List<Latency> times) {
        Report.add(
                "A push to a forge with a webhook",
                List.of(
                        "| from the end of `git push`, " + times.size() + " pushes | median | longest |",
                        "|---|---|---|",
                        line(
                                "to the delivery",
                                times.stream().map(Latency::toDelivery).toList()),
                        line(
                                "to the commit being read",
                                times.stream().map(Latency::toCommit).toList()),
                        line(
                                "of which from the delivery to the commit",
                                times.stream()
                                        .map(one -> one.toCommit() - one.toDelivery())
                                        .toList())));
    }

    private static String line(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return "| " + what + " | " + sorted.get(sorted.size() / 2) + " ms | " + Collections.max(sorted) + " ms |";
    }
}
