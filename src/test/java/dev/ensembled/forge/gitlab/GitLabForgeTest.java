package dev.ensembled.forge.gitlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.CommitStatus.State;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.forge.gitlab.FakeGitLab.Status;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.TokenFile;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The adapter against a server that answers as GitLab documents. */
@Timeout(60)
class GitLabForgeTest {
    private static final String MARKER = "<!-- ensembled:plan -->";
    private static final String SHA = "a".repeat(40);
    private static final PullRequest PULL = new PullRequest(7, SHA, false);

    private final FakeGitLab gitLab = new FakeGitLab();
    private ForgeServer server;
    private Forge forge;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        gitLab.addMergeRequest(7, "main", SHA, FakeGitLab.PROJECT);
        server = new ForgeServer(gitLab);
        Files.writeString(directory.resolve("token"), FakeGitLab.TOKEN + "\n");
        forge = new GitLabForge(
                new ForgeClient(
                        server.address(),
                        GitLabForge.headers(new TokenFile(directory.resolve("token"))),
                        new HttpClients(Optional.empty(), HttpFiles.none())),
                FakeGitLab.REPOSITORY);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void openMergeRequestsIntoTheBranchAreListed() throws ForgeFailedException {
        gitLab.addMergeRequest(8, "release/1.x & more", "b".repeat(40), FakeGitLab.PROJECT);

        assertThat(forge.openPullRequests("main")).containsExactly(PULL);
        assertThat(forge.openPullRequests("release/1.x & more"))
                .containsExactly(new PullRequest(8, "b".repeat(40), false));
        assertThat(forge.openPullRequests("other")).isEmpty();
    }

    @Test
    void mergeRequestOfAForkIsRecognized() throws ForgeFailedException {
        gitLab.addMergeRequest(8, "main", "b".repeat(40), 999);
        gitLab.addMergeRequest(9, "main", "c".repeat(40), 998).putNull("source_project_id");

        assertThat(forge.openPullRequests("main")).extracting(PullRequest::fork).containsExactly(false, true, true);
    }

    @Test
    void mergeRequestWithoutACommitIsLeftOut() throws ForgeFailedException {
        gitLab.addMergeRequest(8, "main", SHA, FakeGitLab.PROJECT).putNull("sha");

        assertThat(forge.openPullRequests("main")).containsExactly(PULL);
    }

    @Test
    void oneHundredMergeRequestsAreListedAtMost() throws ForgeFailedException {
        for (int number = 100; number < 300; number++) {
            gitLab.addMergeRequest(number, "main", SHA, FakeGitLab.PROJECT);
        }

        assertThat(forge.openPullRequests("main")).hasSize(Forge.MAX_PULL_REQUESTS);
    }

    @Test
    void idsOfSha256AreReported() {
        gitLab.addMergeRequest(8, "main", "d".repeat(64), FakeGitLab.PROJECT);

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.openPullRequests("main")))
                .hasMessageContaining("SHA-256");
    }

    @Test
    void changedFilesOfAllPagesAreListed() throws ForgeFailedException {
        for (int file = 0; file < 250; file++) {
            gitLab.addDiff(7, file + ".yaml", file + ".yaml", false);
        }

        assertThat(forge.changedFiles(PULL))
                .hasSize(250)
                .contains(new ChangedFile("249.yaml", false, Optional.empty()));
    }

    @Test
    void deletedAndRenamedFilesAreRecognized() throws ForgeFailedException {
        gitLab.addDiff(7, "changed.yaml", "changed.yaml", false);
        gitLab.addDiff(7, "gone.yaml", "gone.yaml", true);
        gitLab.addDiff(7, "from/a.yaml", "to/b c.yaml", false);

        assertThat(forge.changedFiles(PULL))
                .containsExactly(
                        new ChangedFile("changed.yaml", false, Optional.empty()),
                        new ChangedFile("gone.yaml", true, Optional.empty()),
                        new ChangedFile("to/b c.yaml", false, Optional.of("from/a.yaml")));
    }

    @Test
    void listThatGitLabHasCutIsAnError() {
        gitLab.mergeRequests.get(0).put("changes_count", "1000+");

        ForgeFailedException failure = catchThrowableOfType(ForgeFailedException.class, () -> forge.changedFiles(PULL));

        assertThat(failure.kind()).isEqualTo(Kind.REQUEST);
        assertThat(failure).hasMessageContaining("changes 1000+ files");
    }

    @Test
    void changesThatAreNotComputedYetAreReadLater() {
        gitLab.mergeRequests.get(0).putNull("changes_count");

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.changedFiles(PULL))
                        .kind())
                .isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void commentIsCreatedOnceAndThenUpdatedInPlace() throws ForgeFailedException {
        forge.comment(PULL, MARKER, MARKER + "\nfirst", true);
        forge.comment(PULL, MARKER, MARKER + "\nsecond", true);
        server.forgetRequests();
        forge.comment(PULL, MARKER, MARKER + "\nsecond", true);

        assertThat(bodies()).containsExactly(MARKER + "\nsecond");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void notesOfOthersAndOfGitLabStayAsTheyAre() throws ForgeFailedException {
        gitLab.addNote(7, MARKER + " by another user", FakeGitLab.OTHER_USER, false);
        gitLab.addNote(7, "changed the description: " + MARKER, FakeGitLab.USER, true);
        List<String> before = bodies();

        forge.comment(PULL, MARKER, MARKER + "\nplan", true);

        assertThat(bodies()).hasSize(3).containsAll(before).last().isEqualTo(MARKER + "\nplan");
    }

    @Test
    void ownNoteIsFoundOnALaterPage() throws ForgeFailedException {
        for (int note = 0; note < 230; note++) {
            gitLab.addNote(7, "discussion", FakeGitLab.OTHER_USER, false);
        }
        forge.comment(PULL, MARKER, MARKER + "\nfirst", true);

        forge.comment(PULL, MARKER, MARKER + "\nsecond", true);

        assertThat(bodies()).hasSize(231).last().isEqualTo(MARKER + "\nsecond");
    }

    /** Otherwise the text of a file could close or merge the merge request in the name of ensembled. */
    @Test
    void lineThatLooksLikeACommandIsEscaped() throws ForgeFailedException {
        String body = MARKER + "\n/merge\n  /close\nsee a/b\n\n/assign @root";

        forge.comment(PULL, MARKER, body, true);
        forge.comment(PULL, MARKER, body, true);

        assertThat(bodies()).containsExactly(MARKER + "\n\\/merge\n  \\/close\nsee a/b\n\n\\/assign @root");
        assertThat(server.requests()).noneMatch(request -> request.startsWith("PUT"));
    }

    private List<String> bodies() {
        return gitLab.notes.get("7").stream()
                .map(note -> note.path("body").asText())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"PENDING, pending", "SUCCESS, success", "FAILURE, failed", "CANCELED, canceled"})
    void statusHasTheNameThatGitLabKnows(State state, String name) throws ForgeFailedException {
        forge.status(SHA, new CommitStatus("ensembled/plan", state, "2 restarts"));

        assertThat(gitLab.statuses).containsExactly(new Status(SHA, "ensembled/plan", name, "2 restarts"));
    }

    @Test
    void pendingStatusStaysAndThenSucceeds() throws ForgeFailedException {
        forge.status(SHA, new CommitStatus("ensembled/rollout", State.PENDING, "1 of 3"));
        forge.status(SHA, new CommitStatus("ensembled/rollout", State.PENDING, "2 of 3"));
        assertThat(gitLab.statuses).containsExactly(new Status(SHA, "ensembled/rollout", "pending", "1 of 3"));

        forge.status(SHA, new CommitStatus("ensembled/rollout", State.SUCCESS, "3 of 3"));
        forge.status(SHA, new CommitStatus("ensembled/rollout", State.PENDING, "1 of 1"));

        assertThat(gitLab.statuses)
                .containsExactly(
                        new Status(SHA, "ensembled/rollout", "success", "3 of 3"),
                        new Status(SHA, "ensembled/rollout", "pending", "1 of 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state is invalid", "Cannot transition status via :drop from :success"})
    void otherRefusalOfAStatusIsAnError(String message) {
        server.reply(Reply.error(400, message));
        CommitStatus status = new CommitStatus("ensembled/plan", State.PENDING, "");

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.status(SHA, status)))
                .hasMessageContaining(message);
    }

    /** The update of the same status by another client. */
    @Test
    void concurrentUpdateOfAStatusIsTransient() {
        server.reply(Reply.error(409, "Another update to this commit status is in progress"));
        CommitStatus status = new CommitStatus("ensembled/plan", State.SUCCESS, "");

        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.status(SHA, status))
                        .kind())
                .isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void rotatedTokenIsUsedAtOnce() throws IOException, ForgeFailedException {
        gitLab.tokens.clear();
        gitLab.tokens.add("glpat-second");
        assertThat(catchThrowableOfType(ForgeFailedException.class, () -> forge.openPullRequests("main"))
                        .kind())
                .isEqualTo(Kind.CREDENTIALS);

        Files.writeString(directory.resolve("token"), "glpat-second");

        assertThat(forge.openPullRequests("main")).containsExactly(PULL);
    }
}
