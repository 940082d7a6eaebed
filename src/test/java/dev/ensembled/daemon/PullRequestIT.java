package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Forge;
import dev.ensembled.e2e.harness.ReviewedRepository;
import dev.ensembled.e2e.harness.ReviewedRepository.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Pull requests on a real forge (Gitea), and the packaged daemon with real servers that follows the repository. */
@EnabledIfEnvironmentVariable(named = Forge.SCRIPT, matches = ".+")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PullRequestIT {
    private static final String FILE = "ensembles/production/zookeeper.yaml";
    private static final String PLAN = "ensembled/plan";
    private static final String ROLLOUT = "ensembled/rollout";

    @TempDir
    static Path dir;

    private static Forge forge;
    private static ReviewedRepository repository;
    private static LocalDaemon daemon;
    private static String spec;

    @BeforeAll
    static void start() throws Exception {
        spec = Files.readString(Path.of(System.getProperty("ensembled.root"), "config-repo-sample", FILE));
        forge = Forge.start(dir.resolve("forge"), "127.0.0.1");
        repository = ReviewedRepository.create(forge, "config", dir.resolve("work"));
        String first = repository.push("main", Map.of(FILE, spec));
        Path credentials = Files.createDirectory(dir.resolve("credentials"));
        Files.writeString(credentials.resolve("token"), forge.token() + "\n");
        daemon = LocalDaemon.start(
                Files.createDirectory(dir.resolve("daemon")),
                Map.of(
                        "ensembled.git.uri", forge.cloneUrl("config"),
                        "ensembled.git.forge.type", "gitea",
                        "ensembled.git.forge.credentials", credentials.toString()));
        daemon.awaitWell("zookeeper/production");
        awaitStatus(first, ROLLOUT, "success", "zookeeper/production: all members healthy");
    }

    @AfterAll
    static void end() throws Exception {
        if (daemon != null) {
            daemon.killEverything();
        }
        if (forge != null) {
            forge.close();
        }
    }

    private static String connections(int number) {
        return spec.replaceFirst("maxClientCnxns: \\d+", "maxClientCnxns: " + number);
    }

    private static void awaitStatus(String commit, String context, String state, String description) throws Exception {
        LocalDaemon.eventually(context + " of " + commit + " is " + state + ": " + description, () -> repository
                .status(commit, context)
                .filter(status ->
                        status.state().equals(state) && status.description().contains(description))
                .isPresent());
    }

    private static Map.Entry<Long, String> onlyComment(int number) {
        Map<Long, String> comments = repository.comments(number);
        assertThat(comments).hasSize(1);
        return comments.entrySet().iterator().next();
    }

    @Test
    @Order(1)
    void planIsOneCommentAndOneStatusUntilTheMergeIsRolledOut() throws Exception {
        // Given an open pull request
        repository.checkoutMain();
        String head = repository.push("connections", Map.of(FILE, connections(71)));
        int number = repository.open("connections");

        // Then it has the plan as a comment, and a status
        awaitStatus(head, PLAN, "success", "Plan: 1 ensemble changed, 3 restarts");
        Map.Entry<Long, String> comment = onlyComment(number);
        assertThat(comment.getValue())
                .contains("Plan: 1 ensemble changed, 3 restarts")
                .contains("| `config.maxClientCnxns` | `60` | `71` |")
                .containsPattern("(?s)restart member \\d .*restart member \\d .*restart member \\d [^|]*\\| leader");

        // When its head moves to a spec that is invalid, the same comment and the status of the new head name the line
        String invalid = repository.push("connections", Map.of(FILE, spec.replace("voters: 3", "voters: 4")));
        awaitStatus(invalid, PLAN, "failure", FILE + ":9");
        assertThat(onlyComment(number).getKey()).isEqualTo(comment.getKey());
        assertThat(onlyComment(number).getValue()).contains("voters").doesNotContain("71");

        // When it moves to a change that is refused, too
        String refused = repository.push("connections", Map.of(FILE, spec.replace("version: 3.9.5", "version: 3.8.6")));
        awaitStatus(refused, PLAN, "failure", "refused: zookeeper/production: ");

        // When it moves back and is merged, the servers are restarted, and the commit on main has the result
        String good = repository.push("connections", Map.of(FILE, connections(72)));
        awaitStatus(good, PLAN, "success", "3 restarts");
        String merged = repository.merge(number);
        awaitStatus(merged, ROLLOUT, "success", "zookeeper/production: all members healthy");
        List<Status> statuses = repository.statuses(merged, ROLLOUT);
        assertThat(statuses.subList(0, statuses.size() - 1))
                .isNotEmpty()
                .allMatch(status -> status.state().equals("pending"))
                .anyMatch(status -> status.description().matches("zookeeper/production: [012] of 3, .*"));
        assertThat(onlyComment(number).getKey()).isEqualTo(comment.getKey());
    }

    @Test
    @Order(2)
    void commentsOfOthersStayAndOtherFilesNeedNoPlan() throws Exception {
        repository.checkoutMain();
        String head = repository.push("more-connections", Map.of(FILE, connections(71)));
        int number = repository.open("more-connections");
        awaitStatus(head, PLAN, "success", "3 restarts");
        String text = onlyComment(number).getValue();
        repository.checkoutMain();
        String other = repository.push("text", Map.of("docs/text.md", "Nothing about servers"));
        int unrelated = repository.open("text");

        // A pull request that changes no spec has a status and no comment
        awaitStatus(other, PLAN, "success", "No ensemble changes");
        assertThat(repository.comments(unrelated)).isEmpty();

        // A change of the branch makes a new plan, of what the pull request alone changes
        repository.checkoutMain();
        repository.push("main", Map.of(FILE, connections(72).replace("settle: 5s", "settle: 4s")));
        LocalDaemon.eventually(
                "the comment is about the new branch",
                () -> !onlyComment(number).getValue().equals(text));
        assertThat(onlyComment(number).getValue())
                .contains("`config.maxClientCnxns`")
                .contains("3 restarts");
    }

    @Test
    @Order(3)
    void rollGoesOnWhileTheForgeIsAway() throws Exception {
        // Given a change on main whose roll has begun
        Map<Integer, LocalDaemon.Member> before = daemon.members("production");
        repository.checkoutMain();
        String commit = repository.push("main", Map.of(FILE, connections(73)));
        LocalDaemon.eventually("the roll has begun", () -> restarted(before) > 0);

        // When the forge is stopped, the roll ends
        forge.stop();
        LocalDaemon.eventually("all servers are restarted", () -> restarted(before) == 3);
        daemon.awaitWell("zookeeper/production");

        // When it is back, the commit has its result
        forge.restart();
        awaitStatus(commit, ROLLOUT, "success", "zookeeper/production: all members healthy");
    }

    private static long restarted(Map<Integer, LocalDaemon.Member> before) throws IOException {
        return daemon.members("production").values().stream()
                .filter(member -> member.pid() != 0
                        && member.pid() != before.get(member.id()).pid())
                .count();
    }
}
