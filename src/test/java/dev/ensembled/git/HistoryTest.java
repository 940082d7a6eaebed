package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A branch may not go back behind the last accepted commit, which is on record. */
@Timeout(120)
class HistoryTest {
    @TempDir
    Path directory;

    private final MemoryRecord record = new MemoryRecord();
    private ConfigRepo repo;
    private GitHttpServer server;

    /** How the repository is read. */
    enum Access {
        IN_PLACE,
        FILTERS,
        FILTERS_EXCEPT_OF_TREES,
        NO_FILTERS,
        OLD_PROTOCOL
    }

    @BeforeEach
    void serve() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        server = GitHttpServer.http(directory);
    }

    @AfterEach
    void stop() {
        server.close();
        repo.close();
    }

    @ParameterizedTest
    @EnumSource
    void forcePushIsRefusedAndARestartCannotGoBack(Access access) throws Exception {
        List<String> commits = push(5);
        GitRepository repository = repository(access);
        accept(repository);

        repo.force("main", commits.get(2));

        SourceFailedException failure = failure(repository);
        assertThat(failure)
                .hasMessageContaining("commit " + commits.get(2) + " of branch \"main\"")
                .hasMessageContaining("is not a descendant of the last accepted commit " + commits.get(4))
                .hasMessageContaining("stays in force");
        assertThat(failure.toDo())
                .contains("Push a descendant of " + commits.get(4))
                .contains("ENSEMBLED_GIT_ALLOW_REWRITE=true")
                .contains("delete the record");
        assertThat(failure(repository(access))).hasMessage(failure.getMessage());
        loseCache();
        assertThat(failure(repository(access))).hasMessage(failure.getMessage());
        assertThat(record.id()).contains(commits.get(4));
    }

    @ParameterizedTest
    @EnumSource
    void rewrittenHistoryWithNewCommitsIsRefused(Access access) throws Exception {
        List<String> commits = push(3);
        GitRepository repository = repository(access);
        accept(repository);
        repo.force("main", commits.get(0));

        push(40);

        assertThat(failure(repository)).hasMessageContaining("The history was rewritten");
        assertThat(record.id()).contains(commits.get(2));
    }

    @ParameterizedTest
    @EnumSource
    void unrelatedHistoryIsRefused(Access access) throws Exception {
        String first = repo.write("kafka.yaml", "a: 1").commit("First");
        GitRepository repository = repository(access);
        accept(repository);

        repo.write("kafka.yaml", "a: 2").rewrite("Rewritten");

        assertThat(failure(repository)).hasMessageContaining(first);
    }

    @ParameterizedTest
    @EnumSource
    void descendantIsAcceptedHoweverManyCommitsArePushed(Access access) throws Exception {
        push(3);
        GitRepository repository = repository(access);
        accept(repository);

        for (int count : new int[] {1, 2, 15, 17, 300}) {
            String newest = last(push(count));

            assertThat(accept(repository)).as(count + " commits").isEqualTo(newest);
        }
        assertThat(directory.resolve("cache/history.git")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void descendantIsAcceptedAfterARestartThatLostTheCache(Access access) throws Exception {
        push(3);
        accept(repository(access));
        loseCache();

        String newest = last(push(20));

        assertThat(accept(repository(access))).isEqualTo(newest);
        assertThat(record.id()).contains(newest);
    }

    @ParameterizedTest
    @EnumSource
    void forcePushBackToADescendantIsAccepted(Access access) throws Exception {
        List<String> commits = push(3);
        GitRepository repository = repository(access);
        accept(repository);
        repo.force("main", commits.get(1));
        failure(repository);

        repo.force("main", commits.get(2));
        assertThat(accept(repository)).isEqualTo(commits.get(2));
        String next = last(push(2));

        assertThat(accept(repository)).isEqualTo(next);
    }

    @ParameterizedTest
    @EnumSource
    void mergeOfTheAcceptedCommitIsADescendant(Access access) throws Exception {
        String base = last(push(2));
        GitRepository repository = repository(access);
        String accepted = last(push(3));
        accept(repository);
        repo.force("side", base);
        repo.write("side.yaml", "s: 1").commit("side", "Side", true);
        Path work = directory.resolve("work");
        GitCommand.git(directory, "clone", "-q", repo.directory().toString(), work.toString());
        GitCommand.git(work, "checkout", "-q", "-b", "merged", "origin/side");
        GitCommand.git(work, "merge", "-q", "--no-edit", "-X", "ours", accepted);
        GitCommand.git(work, "commit", "-q", "--allow-empty", "-m", "After the merge");
        GitCommand.git(work, "push", "-q", "origin", "merged:main");

        assertThat(accept(repository)).isEqualTo(repo.head("main")).isNotEqualTo(accepted);
    }

    @Test
    void rewriteIsAcceptedIfItIsAllowedAndGoesOnRecord() throws Exception {
        List<String> commits = push(3);
        accept(repository(Access.FILTERS));
        repo.force("main", commits.get(0));

        GitRepository allowed = new GitRepository(settings(server.url("config.git"), true), record);

        assertThat(accept(allowed)).isEqualTo(commits.get(0));
        assertThat(record.id()).contains(commits.get(0));
        assertThat(accept(repository(Access.FILTERS))).isEqualTo(commits.get(0));
    }

    @Test
    void withoutTheRecordARewriteIsAcceptedOnce() throws Exception {
        List<String> commits = push(3);
        GitRepository repository = repository(Access.FILTERS);
        accept(repository);
        repo.force("main", commits.get(0));
        failure(repository);

        record.delete();

        assertThat(accept(repository)).isEqualTo(commits.get(0));
        repo.force("main", repo.write("kafka.yaml", "b").commit("other", "Other", true));
        assertThat(failure(repository)).hasMessageContaining("The history was rewritten");
    }

    @Test
    void commitIsComparedAgainIfItsRecordCannotBeWritten() throws Exception {
        List<String> commits = push(2);
        GitRepository repository = repository(Access.FILTERS);
        repo.force("main", commits.get(0));
        record.breakWrites(true);
        assertThat(catchThrowableOfType(SourceFailedException.class, () -> accept(repository)))
                .hasMessageContaining("cannot be put on record");
        record.breakWrites(false);
        // Another daemon has accepted the newer commit meanwhile
        repo.force("main", commits.get(1));
        accept(repository(Access.FILTERS));
        repo.force("main", commits.get(0));

        assertThat(failure(repository)).hasMessageContaining("The history was rewritten");
        assertThat(record.id()).contains(commits.get(1));
    }

    @Test
    void recordThatCannotBeReadRefusesEveryNewCommit() throws Exception {
        push(1);
        GitRepository repository = repository(Access.FILTERS);
        String first = accept(repository);
        record.breakReads(true);
        String second = last(push(1));

        SourceFailedException failure = failure(repository);

        assertThat(failure)
                .hasMessageContaining("The last accepted commit cannot be read from the record")
                .hasMessageContaining("damaged");
        assertThat(failure.toDo()).contains("delete the record");
        record.breakReads(false);
        assertThat(record.id()).contains(first);
        assertThat(accept(repository)).isEqualTo(second);
    }

    @Test
    void recordOfAnotherRepositoryOrReferenceDoesNotApply() throws Exception {
        push(2);
        accept(repository(Access.FILTERS));
        ConfigRepo other = new ConfigRepo(directory.resolve("other.git"));
        String elsewhere = other.write("kafka.yaml", "a: 1").commit("Elsewhere");
        String onBranch = other.write("kafka.yaml", "a: 2").commit("test", "Unrelated", true);

        assertThat(accept(new GitRepository(settings(server.url("other.git"), false), record)))
                .isEqualTo(elsewhere);
        assertThat(accept(new GitRepository(settings(server.url("other.git"), "test", false), record)))
                .isEqualTo(onBranch);
        other.close();
    }

    @Test
    void pushOfOneCommitTransfersNoHistoryAndARefusalIsNotRequestedAgain() throws Exception {
        List<String> commits = push(30);
        GitRepository repository = repository(Access.FILTERS);
        accept(repository);
        int before = server.packs();

        push(1);
        accept(repository);

        assertThat(server.packs() - before).isEqualTo(1);
        repo.force("main", commits.get(20));
        failure(repository);
        int refused = server.packs();
        failure(repository);
        failure(repository);
        assertThat(server.packs()).isEqualTo(refused);
    }

    @Test
    void shallowRepositoryInPlaceSaysThatItLacksHistory() throws Exception {
        push(1);
        String accepted = accept(repository(Access.IN_PLACE));
        push(5);
        Path bare = directory.resolve("shallow.git");
        GitCommand.git(directory, "clone", "-q", "--bare", "--depth=1", repo.url(), bare.toString());
        FileUtils.delete(repo.directory().toFile(), FileUtils.RECURSIVE);
        Files.move(bare, repo.directory());

        assertThat(failure(repository(Access.IN_PLACE)))
                .hasMessageContaining("cannot be proven")
                .hasMessageContaining("the repository is shallow")
                .hasMessageContaining(accepted);
    }

    private List<String> push(int count) {
        List<String> commits = new ArrayList<>();
        for (int commit = 0; commit < count; commit++) {
            repo.write("kafka.yaml", "a: " + System.nanoTime());
            commits.add(repo.commit("Commit " + commit));
        }
        return commits;
    }

    private static String last(List<String> commits) {
        return commits.get(commits.size() - 1);
    }

    private void loseCache() throws IOException {
        FileUtils.delete(directory.resolve("cache").toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
    }

    private GitRepository repository(Access access) throws Exception {
        switch (access) {
            case IN_PLACE, NO_FILTERS -> {}
            case FILTERS -> GitCommand.git(repo.directory(), "config", "uploadpack.allowFilter", "true");
            case FILTERS_EXCEPT_OF_TREES -> {
                GitCommand.git(repo.directory(), "config", "uploadpack.allowFilter", "true");
                GitCommand.git(repo.directory(), "config", "uploadpackfilter.tree.allow", "false");
            }
            case OLD_PROTOCOL -> server.speakOnly("version=0");
        }
        String url = access == Access.IN_PLACE ? repo.url() : server.url("config.git");
        return new GitRepository(settings(url, false), record);
    }

    private GitSettings settings(String url, boolean allowRewrite) {
        return settings(url, "main", allowRewrite);
    }

    private GitSettings settings(String url, String branch, boolean allowRewrite) {
        return new GitSettings(
                RemoteUrl.of(url),
                new Branch(branch),
                allowRewrite,
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache"),
                SignaturePolicy.none());
    }

    private static String accept(GitRepository repository) throws Exception {
        String commit = repository.fetch(() -> {}).commit();
        repository.accept();
        return commit;
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> repository.fetch(() -> {}));
    }
}
