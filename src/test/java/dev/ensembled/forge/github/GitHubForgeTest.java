package dev.ensembled.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.TokenFile;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter against a server that answers as GitHub documents, with the token of a user and as an App. */
@Timeout(60)
class GitHubForgeTest {
    private static final String MARKER = "<!-- ensembled:plan -->";
    private static final String SHA = "a".repeat(40);
    private static final PullRequest PULL = new PullRequest(7, SHA, false);

    private FakeGitHub gitHub;
    private ForgeServer server;
    private TestApp app;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        app = TestApp.shared();
        gitHub = new FakeGitHub(new FakeInstallation(app.keys().getPublic(), Clock.systemUTC()));
        gitHub.addPull(7, "main", SHA, FakeGitHub.REPOSITORY_ID);
        server = new ForgeServer(gitHub);
        app.filesIn(directory);
        Files.writeString(directory.resolve("token"), FakeGitHub.USER_TOKEN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Forge forge(boolean asApp) {
        HttpClients clients = new HttpClients(Optional.empty(), HttpFiles.none());
        if (asApp) {
            AppCredentials credentials = new AppCredentials(
                    new AppFiles(directory),
                    server.address(),
                    FakeGitHub.REPOSITORY,
                    AppCredentials.PULL_REQUESTS,
                    clients,
                    Clock.systemUTC());
            return GitHubForge.asApp(
                    new ForgeClient(server.address(), credentials, clients), FakeGitHub.REPOSITORY, credentials);
        }
        TokenFile token = new TokenFile(directory.resolve("token"));
        return GitHubForge.withToken(
                new ForgeClient(server.address(), GitHubForge.headers(token), clients), FakeGitHub.REPOSITORY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openPullRequestsOfTheBranchAreListed(boolean asApp) throws ForgeFailedException {
        gitHub.addPull(8, "release/1.x & more", "b".repeat(40), FakeGitHub.REPOSITORY_ID);

        assertThat(forge(asApp).openPullRequests("main")).containsExactly(PULL);
        assertThat(forge(asApp).openPullRequests("release/1.x & more"))
                .containsExactly(new PullRequest(8, "b".repeat(40), false));
        assertThat(forge(asApp).openPullRequests("other")).isEmpty();
    }

    @Test
    void pullRequestsOfForksAreRecognized() throws ForgeFailedException {
        gitHub.addPull(8, "main", "b".repeat(40), 999);
        ObjectNode deleted = gitHub.addPull(9, "main", "c".repeat(40), 998);
        ((ObjectNode) deleted.path("head")).putNull("repo");

        assertThat(forge(false).openPullRequests("main"))
                .extracting(PullRequest::fork)
                .containsExactly(false, true, true);
    }

    @Test
    void oneHundredPullRequestsAreListedAtMost() throws ForgeFailedException {
        for (int number = 100; number < 300; number++) {
            gitHub.addPull(number, "main", SHA, FakeGitHub.REPOSITORY_ID);
        }

        assertThat(forge(false).openPullRequests("main")).hasSize(Forge.MAX_PULL_REQUESTS);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void idsOfSha256AreReported() {
        gitHub.addPull(8, "main", "d".repeat(64), FakeGitHub.REPOSITORY_ID);

        ForgeFailedException failure = catchThrowableOfType(
                ForgeFailedException.class, () -> forge(false).openPullRequests("main"));

        assertThat(failure).hasMessageContaining("pull request 8").hasMessageContaining("SHA-256");
        assertThat(failure.kind()).isEqualTo(Kind.REQUEST);
    }

    @Test
    void changedFilesOfAllPagesAreListed() throws ForgeFailedException {
        for (int file = 0; file < 250; file++) {
            gitHub.addFile(7, "ensembles/" + file + ".yaml", "modified", null);
        }

        assertThat(forge(false).changedFiles(PULL))
                .hasSize(250)
                .contains(new ChangedFile("ensembles/249.yaml", false, Optional.empty()));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void removedAndRenamedFilesAreRecognized() throws ForgeFailedException {
        gitHub.addFile(7, "new.yaml", "added", null);
        gitHub.addFile(7, "gone.yaml", "removed", null);
        gitHub.addFile(7, "to/b c.yaml", "renamed", "from/a.yaml");
        gitHub.addFile(7, "copy.yaml", "copied", "original.yaml");

        assertThat(forge(false).changedFiles(PULL))
                .containsExactly(
                        new ChangedFile("new.yaml", false, Optional.empty()),
                        new ChangedFile("gone.yaml", true, Optional.empty()),
                        new ChangedFile("to/b c.yaml", false, Optional.of("from/a.yaml")),
                        new ChangedFile("copy.yaml", false, Optional.empty()));
    }

    @Test
    void listThatGitHubMayHaveCutIsAnError() throws ForgeFailedException {
        for (int file = 0; file < 2_999; file++) {
            gitHub.addFile(7, "ensembles/" + file + ".yaml", "modified", null);
        }
        assertThat(forge(false).changedFiles(PULL)).hasSize(2_999);

        gitHub.addFile(7, "last.yaml", "modified", null);

        assertThat(catchThrowableOfType(
                        ForgeFailedException.class, () -> forge(false).changedFiles(PULL)))
                .hasMessageContaining("3000 files or more");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commentIsCreatedOnceAndThenUpdatedInPlace(boolean asApp) throws ForgeFailedException {
        Forge forge = forge(asApp);

        forge.comment(PULL, MARKER, MARKER + "\nfirst", true);
        forge.comment(PULL, MARKER, MARKER + "\nsecond", true);

        assertThat(gitHub.comments.get("7"))
                .extracting(comment -> comment.path("body").asText())
                .containsExactly(MARKER + "\nsecond");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commentWithTheSameBodyIsNotWritten(boolean asApp) throws ForgeFailedException {
        forge(asApp).comment(PULL, MARKER, MARKER + "\nplan", true);
        server.forgetRequests();

        forge(asApp).comment(PULL, MARKER, MARKER + "\nplan", true);

        assertThat(server.requests())
                .noneMatch(request -> request.startsWith("PATCH") || request.contains("POST /repos"));
    }

    /** The comment of another user, of another App, and of a user through this App. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commentsOfOthersStayAsTheyAre(boolean asApp) throws ForgeFailedException {
        gitHub.addComment(7, MARKER + " by another user", FakeGitHub.OTHER_USER, Optional.empty());
        gitHub.addComment(7, MARKER + " by another App", 901, Optional.of(1L));
        ((ObjectNode) gitHub.addComment(7, MARKER + " through the App", 902, Optional.of(gitHub.app.id()))
                        .path("user"))
                .put("type", "User");
        List<String> before = bodies();

        forge(asApp).comment(PULL, MARKER, MARKER + "\nplan", true);

        assertThat(bodies()).hasSize(4).containsAll(before).last().isEqualTo(MARKER + "\nplan");
    }

    private List<String> bodies() {
        return gitHub.comments.get("7").stream()
                .map(comment -> comment.path("body").asText())
                .toList();
    }

    @Test
    void ownCommentIsFoundOnALaterPage() throws ForgeFailedException {
        for (int comment = 0; comment < 230; comment++) {
            gitHub.addComment(7, "discussion", FakeGitHub.OTHER_USER, Optional.empty());
        }
        Forge forge = forge(false);
        forge.comment(PULL, MARKER, MARKER + "\nfirst", true);

        forge.comment(PULL, MARKER, MARKER + "\nsecond", true);

        assertThat(bodies()).hasSize(231).last().isEqualTo(MARKER + "\nsecond");
    }

    @ParameterizedTest
    @CsvSource({"PENDING, pending", "SUCCESS, success", "FAILURE, failure", "CANCELED, error"})
    void statusHasTheNameThatGitHubKnows(CommitStatus.State state, String name) throws ForgeFailedException {
        forge(true).status(SHA, new CommitStatus("ensembled/plan", state, "2 restarts"));

        assertThat(gitHub.statuses).hasSize(1);
        assertThat(gitHub.statuses.get(0).toString())
                .isEqualTo(
                        "{\"context\":\"ensembled/plan\",\"state\":\"" + name + "\",\"description\":\"2 restarts\"}");
    }

    @Test
    void statusOfAnUnknownCommitIsRefused() {
        CommitStatus status = new CommitStatus("ensembled/plan", CommitStatus.State.SUCCESS, "x".repeat(500));

        ForgeFailedException failure = catchThrowableOfType(
                ForgeFailedException.class, () -> forge(false).status("f".repeat(40), status));

        assertThat(failure.kind()).isEqualTo(Kind.REQUEST);
        assertThat(failure).hasMessageContaining("No commit found for SHA");
        assertThatCode(() -> forge(false).status(SHA, status)).doesNotThrowAnyException();
    }

    @Test
    void rotatedTokenIsUsedAtOnce() throws IOException, ForgeFailedException {
        Forge forge = forge(false);
        gitHub.userTokens.clear();
        gitHub.userTokens.add("github_pat_second");
        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.openPullRequests("main"))
                        .kind())
                .isEqualTo(Kind.CREDENTIALS);

        Files.writeString(directory.resolve("token"), "github_pat_second\n");

        assertThat(forge.openPullRequests("main")).containsExactly(PULL);
    }

    @Test
    void refusedTokenOfTheAppIsObtainedAgain() throws ForgeFailedException {
        Forge forge = forge(true);
        forge.openPullRequests("main");
        gitHub.app.tokens.clear();

        assertThat(forge.openPullRequests("main")).containsExactly(PULL);
        assertThat(gitHub.app.tokens).hasSize(1);
    }

    @Test
    void tokenOfTheAppIsNotObtainedForEver() {
        Forge forge = forge(true);
        server.reply(Reply.error(401, "Bad credentials"));

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.openPullRequests("main"))
                        .kind())
                .isEqualTo(Kind.CREDENTIALS);
        assertThat(server.requests()).hasSize(1);
    }
}
