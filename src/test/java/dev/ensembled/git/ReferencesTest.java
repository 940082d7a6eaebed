package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.reference.FixedCommit;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tag;
import dev.ensembled.git.reference.VersionRange;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tags, ranges of versions and commits, in place and over HTTP. */
@Timeout(60)
class ReferencesTest {
    @TempDir
    Path directory;

    private final MemoryRecord record = new MemoryRecord();
    private ConfigRepo repo;
    private GitHttpServer server;

    /** How the repository is read. */
    enum Access {
        IN_PLACE,
        FILTERS,
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
    void tagIsReadAndLaterCommitsOfTheBranchAreNot(Access access) throws Exception {
        String tagged = push("a: 1");
        repo.tag("stable", tagged);
        repo.annotatedTag("signed", tagged);
        push("a: 2");

        assertThat(accept(repository(access, new Tag("stable"))).files())
                .containsExactly(SourceFile.of("prod/kafka.yaml", "a: 1"));
        assertThat(accept(repository(access, new Tag("signed"))).commit()).isEqualTo(tagged);
    }

    @ParameterizedTest
    @EnumSource
    void movedTagIsFollowedAndReported(Access access) throws Exception {
        String first = push("a: 1");
        String second = push("a: 2");
        repo.annotatedTag("stable", second);
        GitRepository repository = repository(access, new Tag("stable"));
        assertThat(accept(repository).notes()).isEmpty();

        repo.annotatedTag("stable", first);

        CommitFiles moved = accept(repository);
        assertThat(moved.commit()).isEqualTo(first);
        assertThat(moved.notes())
                .containsExactly("Tag \"stable\" was moved from commit " + second + " to commit " + first);
        assertThat(moved.files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 1"));
    }

    @ParameterizedTest
    @EnumSource
    void missingTagNamesTheTagsThatExist(Access access) throws Exception {
        repo.tag("v1.0.0", push("a: 1"));
        GitRepository repository = repository(access, new Tag("v2.0.0"));

        SourceFailedException failure = failure(repository);

        assertThat(failure).hasMessageContaining("Tag \"v2.0.0\" not found in repository");
        assertThat(failure.toDo()).contains("configure an existing tag: v1.0.0");
        repo.tag("v2.0.0", push("a: 2"));
        assertThat(accept(repository).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 2"));
    }

    @ParameterizedTest
    @EnumSource
    void highestVersionOfTheRangeIsFollowedAsTagsArePushed(Access access) throws Exception {
        repo.annotatedTag("v1.4.0", push("a: 1"));
        repo.tag("v2.0.0", push("a: 2"));
        repo.tag("latest", push("a: 3"));
        GitRepository repository = repository(access, new VersionRange("1.x"));
        CommitFiles first = accept(repository);
        assertThat(first.files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 1"));
        assertThat(first.notes())
                .containsExactly("Tag \"v1.4.0\" is followed, the highest version in the range \"1.x\"");

        repo.tag("v1.5.0-rc.1", push("a: 4"));
        assertThat(accept(repository).commit()).isEqualTo(first.commit());
        repo.annotatedTag("v1.10.0", push("a: 5"));
        repo.tag("v1.9.0", push("a: 6"));

        assertThat(accept(repository).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 5"));
    }

    @ParameterizedTest
    @EnumSource
    void versionDoesNotGoBackwardsUnlessThatIsAllowed(Access access) throws Exception {
        String lower = push("a: 1");
        repo.tag("v1.4.0", lower);
        String higher = push("a: 2");
        repo.tag("v1.5.0", higher);
        VersionRange range = new VersionRange("1.x");
        accept(repository(access, range));

        repo.deleteTag("v1.5.0");

        SourceFailedException failure = failure(repository(access, range));
        assertThat(failure)
                .hasMessageContaining("would go backwards")
                .hasMessageContaining("\"v1.4.0\" at commit " + lower)
                .hasMessageContaining("\"v1.5.0\", accepted last at commit " + higher);
        assertThat(failure.toDo()).contains("ENSEMBLED_GIT_ALLOW_REWRITE=true");
        assertThat(record.id()).contains(higher);
        assertThat(accept(repository(access, range, true)).commit()).isEqualTo(lower);
    }

    @ParameterizedTest
    @EnumSource
    void rangeWithoutATagIsAnErrorThatNamesTheVersions(Access access) throws Exception {
        repo.tag("v1.4.0", push("a: 1"));

        SourceFailedException failure = failure(repository(access, new VersionRange(">=2.0.0")));

        assertThat(failure).hasMessageContaining("No tag with a version in the range \">=2.0.0\" found");
        assertThat(failure.toDo()).contains("1.4.0");
    }

    @ParameterizedTest
    @EnumSource
    void tagOfSomethingElseThanACommitIsAnError(Access access) throws Exception {
        push("a: 1");
        GitCommand.git(repo.directory(), "tag", "tree", "HEAD^{tree}");

        assertThat(failure(repository(access, new Tag("tree"))))
                .hasMessageContaining("tag \"tree\"")
                .hasMessageContaining("is not a commit");
    }

    @ParameterizedTest
    @EnumSource(names = {"IN_PLACE", "FILTERS", "NO_FILTERS"})
    void commitThatIsOnNoBranchIsReadByItsId(Access access) throws Exception {
        push("a: 1");
        String dropped = push("a: 2");
        repo.force("main", push("a: 3"));
        String base = repo.write("prod/kafka.yaml", "b: 1").commit("aside", "Aside", true);
        repo.deleteBranch("aside");
        repo.commit("main", "Rewritten", false);

        assertThat(accept(repository(access, new FixedCommit(base))).files())
                .containsExactly(SourceFile.of("prod/kafka.yaml", "b: 1"));
        assertThat(accept(repository(access, new FixedCommit(dropped))).files())
                .containsExactly(SourceFile.of("prod/kafka.yaml", "a: 2"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IN_PLACE", "FILTERS", "NO_FILTERS"})
    void unknownCommitIsAnErrorThatSaysWhatToDo(Access access) throws Exception {
        push("a: 1");
        String unknown = "1234567890123456789012345678901234567890";

        SourceFailedException failure = failure(repository(access, new FixedCommit(unknown)));

        assertThat(failure).hasMessageContaining("Commit " + unknown + " not found in repository");
        assertThat(failure.toDo()).contains("git rev-parse");
    }

    @Test
    void serverThatDoesNotAllowCommitsByIdIsNamedAsSuch() throws Exception {
        String older = push("a: 1");
        String newest = repo.write("prod/kafka.yaml", "a: 2").rewrite("Rewritten");
        server.speakOnly("version=0");

        SourceFailedException failure = failure(repository(Access.OLD_PROTOCOL, new FixedCommit(older)));

        assertThat(failure).hasMessageContaining("does not allow to fetch commit " + older + " by its id");
        assertThat(failure.toDo()).contains("uploadpack.allowReachableSHA1InWant");
        assertThat(accept(repository(Access.OLD_PROTOCOL, new FixedCommit(newest)))
                        .commit())
                .isEqualTo(newest);
        GitCommand.git(repo.directory(), "config", "uploadpack.allowAnySHA1InWant", "true");
        assertThat(accept(repository(Access.OLD_PROTOCOL, new FixedCommit(older)))
                        .commit())
                .isEqualTo(older);
    }

    @Test
    void commitThatWasReadCostsNoRequest() throws Exception {
        String commit = push("a: 1");
        GitRepository repository = repository(Access.FILTERS, new FixedCommit(commit));
        accept(repository);
        int before = server.requests();

        assertThat(accept(repository).commit()).isEqualTo(commit);
        assertThat(accept(repository(Access.FILTERS, new FixedCommit(commit))).commit())
                .isEqualTo(commit);
        assertThat(server.requests()).isEqualTo(before);
    }

    private String push(String content) {
        return repo.write("prod/kafka.yaml", content).commit("Write " + content);
    }

    private GitRepository repository(Access access, Reference reference) throws Exception {
        return repository(access, reference, false);
    }

    private GitRepository repository(Access access, Reference reference, boolean allowRewrite) throws Exception {
        switch (access) {
            case IN_PLACE, NO_FILTERS -> {}
            case FILTERS -> GitCommand.git(repo.directory(), "config", "uploadpack.allowFilter", "true");
            case OLD_PROTOCOL -> server.speakOnly("version=0");
        }
        return new GitRepository(
                new GitSettings(
                        RemoteUrl.of(access == Access.IN_PLACE ? repo.url() : server.url("config.git")),
                        reference,
                        allowRewrite,
                        "prod",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        GitSettings.Files.none(),
                        directory.resolve("cache"),
                        SignaturePolicy.none()),
                record);
    }

    private static CommitFiles accept(GitRepository repository) throws Exception {
        CommitFiles files = repository.fetch(() -> {});
        repository.accept();
        return files;
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> repository.fetch(() -> {}));
    }
}
