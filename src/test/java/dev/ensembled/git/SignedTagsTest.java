package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tag;
import dev.ensembled.git.reference.VersionRange;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.settings.SignaturePolicy.Required;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.OpenPgpTestKey;
import dev.ensembled.git.signature.SshTestKey;
import dev.ensembled.git.tree.CommitFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tags of real repositories that are followed only with the signature of a trusted key. */
@Timeout(120)
class SignedTagsTest {
    @TempDir
    Path directory;

    private Path signers;
    private ConfigRepo repo;
    private OpenPgpTestKey alice;

    @BeforeEach
    void createRepository() throws Exception {
        signers = Files.createDirectory(directory.resolve("signers"));
        repo = new ConfigRepo(directory.resolve("config.git"));
        alice = OpenPgpTestKey.generate("Alice <alice@example.org>");
        Files.writeString(signers.resolve("alice.asc"), alice.publicKey());
    }

    @AfterEach
    void close() {
        repo.close();
    }

    @Test
    void onlySignedTagOfItsOwnNameIsFollowedOverHttp() throws Exception {
        String commit = repo.write("kafka.yaml", "a: 1").commit("First");
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = repository(server.url("config.git"), new Tag("v1"));
            repo.tag("v1", commit);
            SourceFailedException lightweight = failure(repository);
            assertThat(lightweight).hasMessageContaining("Tag \"v1\"").hasMessageContaining("is unsigned");
            assertThat(lightweight.toDo()).contains("git tag --sign");
            repo.annotatedTag("v1", commit);
            assertThat(failure(repository)).hasMessageContaining("is unsigned");

            repo.signedBy(alice.signer()).annotatedTag("v1", commit);

            CommitFiles followed = fetch(repository);
            assertThat(followed.commit()).isEqualTo(commit);
            assertThat(followed.signer().orElseThrow().signer()).isEqualTo("Alice <alice@example.org>");
            assertThat(server.packs()).as("transfers of the same commit").isLessThanOrEqualTo(6);
        }
    }

    @Test
    void signedTagUnderTheNameOfAnotherReleaseIsRefused() throws Exception {
        String old = repo.signedBy(alice.signer()).write("kafka.yaml", "a: 1").commit("Old");
        repo.annotatedTag("v1.0.0", old);
        String current = repo.write("kafka.yaml", "a: 2").commit("Current");
        repo.annotatedTag("v1.1.0", current);
        GitRepository repository = repository(repo.url(), new VersionRange("1.x"));
        assertThat(fetch(repository).commit()).isEqualTo(current);

        repo.copyTag("v1.0.0", "v1.9.0");

        assertThat(failure(repository))
                .hasMessageContaining("Tag \"v1.9.0\"")
                .hasMessageContaining("the signed tag has another name");
    }

    @Test
    void highestVersionIsRefusedIfUnsignedAndNoLowerOneIsFollowed() throws Exception {
        String signed = repo.write("kafka.yaml", "a: 1").commit("Signed");
        repo.signedBy(alice.signer()).annotatedTag("v1.0.0", signed);
        GitRepository repository = repository(repo.url(), new VersionRange("1.x"));
        assertThat(fetch(repository).commit()).isEqualTo(signed);
        String unsigned = repo.unsigned().write("kafka.yaml", "a: 2").commit("Unsigned");

        repo.annotatedTag("v1.1.0", unsigned);

        assertThat(failure(repository)).hasMessageContaining("Tag \"v1.1.0\"").hasMessageContaining("is unsigned");
        repo.signedBy(alice.signer()).annotatedTag("v1.1.0", unsigned);
        assertThat(fetch(repository).commit()).isEqualTo(unsigned);
    }

    @Test
    void tagOfAnUnknownSshKeyIsFollowedOnceTheKeyIsMounted() throws Exception {
        SshTestKey grace = SshTestKey.generate();
        String commit =
                repo.signedBy(grace.signer()).write("kafka.yaml", "a: 1").commit("First");
        repo.annotatedTag("v1", commit);
        GitRepository repository = repository(repo.url(), new Tag("v1"));
        assertThat(failure(repository)).hasMessageContaining("is signed by an unknown key");

        Files.writeString(signers.resolve("allowed_signers"), "grace@example.org " + grace.publicKey());

        assertThat(fetch(repository).signer().orElseThrow().signer()).isEqualTo("grace@example.org");
    }

    @Test
    void signedTagsCannotBeRequiredOfABranch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> repository(repo.url(), new Branch("main")))
                .withMessageContaining("ENSEMBLED_GIT_VERIFY=tag")
                .withMessageContaining("branch \"main\"");
    }

    private GitRepository repository(String url, Reference reference) {
        return new GitRepository(new GitSettings(
                RemoteUrl.of(url),
                reference,
                false,
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache"),
                new SignaturePolicy(Required.TAG, signers)));
    }

    private static CommitFiles fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }
}
