package dev.ensembled.forge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.SingleCommits;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.planner.EnsembleForecast;
import dev.ensembled.planner.PlannedSource;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pull requests in a real repository; the forge is a list of them that records what is written. */
class PullRequestPlansTest {
    @TempDir
    Path dir;

    private ConfigRepo repo;
    private LocalEnsemble ensemble;
    private Planner planner;
    private SingleCommits commits;
    private final WriteQueue queue = new WriteQueue();
    private final RecordingForge forge = new RecordingForge();

    private static final class RecordingForge implements Forge {
        final List<PullRequest> open = new ArrayList<>();
        final Map<Integer, List<ChangedFile>> changes = new HashMap<>();
        final Map<Integer, String> comments = new TreeMap<>();
        final Map<String, CommitStatus> statuses = new HashMap<>();
        Optional<ForgeFailedException> failure = Optional.empty();

        @Override
        public List<PullRequest> openPullRequests(String branch) {
            assertThat(branch).isEqualTo("main");
            return open;
        }

        @Override
        public List<ChangedFile> changedFiles(PullRequest pullRequest) throws ForgeFailedException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            return changes.get(pullRequest.number());
        }

        @Override
        public void comment(PullRequest pullRequest, String marker, String body, boolean create) {
            assertThat(body).startsWith(marker);
            if (create || comments.containsKey(pullRequest.number())) {
                comments.put(pullRequest.number(), body);
            }
        }

        @Override
        public void status(String commit, CommitStatus status) {
            statuses.put(commit, status);
        }
    }

    @BeforeEach
    void open() throws Exception {
        repo = new ConfigRepo(dir.resolve("repo"));
        repo.write("clusters/other.yaml", yaml("other")).commit("First");
        ensemble = new LocalEnsemble(dir.resolve("local"));
        EnsembleForecast forecasts =
                new EnsembleForecast(ensemble.store(), ensemble.platform(), ensemble.platform(), Clock.systemUTC());
        planner = new Planner(
                ensemble.store(),
                forecasts,
                List.of(new PlannedSource(
                        new Origin("test", "here"),
                        new SpecReader("streaming", Policy.DEFAULT),
                        "clusters",
                        () -> SourceContext.NONE)));
        commits = new SingleCommits(new GitSettings(
                RemoteUrl.of(repo.url()),
                "main",
                "clusters",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                dir.resolve("cache")));
    }

    @AfterEach
    void close() throws Exception {
        planner.close();
        ensemble.close();
        repo.close();
    }

    private static String yaml(String name) {
        return "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\n" + "metadata: {name: " + name + "}\n"
                + "spec: {version: 3.9.5, voters: 3, jvm: {heap: 128Mi}}\n";
    }

    private PullRequestPlans plans(boolean forks) {
        return new PullRequestPlans(
                new PullRequestPlans.Source("default", "main", "clusters", forks, "ensembled/plan", "<!-- marker -->"),
                planner,
                commits,
                queue);
    }

    /** Opens a pull request with one file, from a branch that starts at main. */
    private PullRequest open(int number, boolean fork, String path, String text) {
        repo.reset();
        repo.write("clusters/other.yaml", yaml("other"));
        String head = repo.write(path, text).commit("pull-" + number, "A change", true);
        PullRequest pullRequest = new PullRequest(number, head, fork);
        forge.open.add(pullRequest);
        forge.changes.put(number, List.of(new ChangedFile(path, false, Optional.empty())));
        return pullRequest;
    }

    private boolean update(PullRequestPlans plans) throws Exception {
        boolean more = plans.update(forge, repo.head("main"));
        queue.send(forge);
        return more;
    }

    @Test
    void newEnsembleIsPlannedAndUnchangedOnesAreLeftOut() throws Exception {
        PullRequest pullRequest = open(1, false, "clusters/kafka.yaml", yaml("kafka"));

        assertThat(update(plans(false))).isFalse();

        assertThat(forge.statuses.get(pullRequest.head()).description()).startsWith("Plan: 1 ensemble created");
        assertThat(forge.comments.get(1)).contains("`streaming/kafka`").doesNotContain("streaming/other");
    }

    @Test
    void pullRequestOfAForkIsPlannedOnlyIfTheSourceSaysSo() throws Exception {
        open(1, true, "clusters/kafka.yaml", yaml("kafka"));

        update(plans(false));
        assertThat(forge.statuses).isEmpty();
        update(plans(true));
        assertThat(forge.statuses).hasSize(1);
    }

    @Test
    void fileOutsideOfTheDirectoryNeedsNoComment() throws Exception {
        PullRequest pullRequest = open(1, false, "elsewhere/kafka.yaml", yaml("kafka"));

        update(plans(false));

        assertThat(forge.statuses.get(pullRequest.head()))
                .isEqualTo(new CommitStatus("ensembled/plan", CommitStatus.State.SUCCESS, "No ensemble changes"));
        assertThat(forge.comments).isEmpty();
    }

    @Test
    void boundedNumberIsPlannedAtATimeAndAllInTurn() throws Exception {
        for (int number = 1; number <= 25; number++) {
            open(number, false, "clusters/kafka.yaml", yaml("kafka-" + number));
        }
        PullRequestPlans plans = plans(false);

        assertThat(update(plans)).isTrue();
        assertThat(forge.comments).hasSize(10);
        // A pull request that moves all the time does not keep the others from their turn
        forge.open.remove(0);
        open(1, false, "clusters/kafka.yaml", yaml("moved"));
        assertThat(update(plans)).isTrue();
        assertThat(forge.comments).hasSize(20);
        assertThat(update(plans)).isFalse();
        assertThat(forge.comments).hasSize(25);
        assertThat(forge.comments.get(1)).contains("streaming/moved");
    }

    @Test
    void hostileContentIsAViolationAtItsLine() throws Exception {
        PullRequest bomb = open(1, false, "clusters/bomb.yaml", yaml("kafka") + "a: &a [1]\nb: [*a, *a]\n");
        PullRequest large = open(2, false, "clusters/large.yaml", "# " + "x".repeat(3_000_000) + "\n" + yaml("kafka"));

        update(plans(false));

        for (PullRequest each : List.of(bomb, large)) {
            CommitStatus status = forge.statuses.get(each.head());
            assertThat(status.state()).isEqualTo(CommitStatus.State.FAILURE);
            assertThat(status.description()).contains("clusters/");
        }
    }

    @Test
    void headThatDoesNotExistIsReportedAfterThreeAttempts() throws Exception {
        String missing = "f".repeat(40);
        forge.open.add(new PullRequest(1, missing, false));
        forge.changes.put(1, List.of(new ChangedFile("clusters/kafka.yaml", false, Optional.empty())));
        PullRequestPlans plans = plans(false);

        update(plans);
        update(plans);
        assertThat(forge.statuses).isEmpty();
        update(plans);

        assertThat(forge.statuses.get(missing).description()).startsWith("not planned: ");
    }

    @Test
    void requestThatTheForgeRefusesDoesNotStopTheOthers() throws Exception {
        PullRequest refused = open(1, false, "clusters/kafka.yaml", yaml("kafka"));
        forge.failure = Optional.of(new ForgeFailedException(Kind.REQUEST, "too many files", "Divide it."));

        update(plans(false));

        assertThat(forge.statuses.get(refused.head()).description()).isEqualTo("not planned: too many files");
    }
}
