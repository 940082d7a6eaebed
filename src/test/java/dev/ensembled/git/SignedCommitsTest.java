package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.settings.SignaturePolicy.Required;
import dev.ensembled.git.signature.OpenPgpTestKey;
import dev.ensembled.git.signature.SshTestKey;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.stub.SpecBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a signed push to the store, with real repositories and keys; each file {@code NAME.yaml} has the voters of NAME. */
@Timeout(120)
class SignedCommitsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final MemoryStore store = new MemoryStore();
    private final List<String> parsed = new CopyOnWriteArrayList<>();
    private Path signers;
    private ConfigRepo repo;
    private GitSource source;

    @BeforeEach
    void createRepository() throws IOException {
        signers = Files.createDirectory(directory.resolve("signers"));
        repo = new ConfigRepo(directory.resolve("config.git"));
    }

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
        repo.close();
    }

    @Test
    void onlyCommitsOfTrustedOpenPgpKeysAreFollowedAndARevocationHoldsTheLastGoodOne() throws Exception {
        OpenPgpTestKey alice = OpenPgpTestKey.generate("Alice <alice@example.org>");
        OpenPgpTestKey mallory = OpenPgpTestKey.generate("Mallory <mallory@example.org>");
        Files.writeString(signers.resolve("alice.asc"), alice.publicKey());
        String first = repo.signedBy(alice.signer()).write("kafka.yaml", "3").commit("First");
        follow(repo.url());
        awaitCommit(first);
        assertThat(source.state().commit().orElseThrow().signer())
                .hasValueSatisfying(signer -> assertThat(signer).startsWith("Alice <alice@example.org> ("));

        // An unsigned push, and a push that is signed by someone else
        refuse(repo.unsigned().write("kafka.yaml", "5").commit("Unsigned"), "is unsigned");
        refuse(repo.signedBy(mallory.signer()).commit("Mallory"), "is signed by an unknown key");
        assertInForce(first);

        // A good push
        String good = repo.signedBy(alice.signer()).write("kafka.yaml", "5").commit("Good");
        source.fetchNow();
        awaitCommit(good);
        assertThat(source.state().fetchFailure()).isEmpty();

        // The key is revoked, by rotation of the mounted file: the commit that is followed stays, the next one is
        // refused
        Files.writeString(signers.resolve("alice.asc"), alice.revoked().publicKey());
        refuse(repo.write("kafka.yaml", "7").commit("Stolen key"), "is signed by a revoked key");
        assertInForce(good);
        assertThat(source.state().fetchFailure().orElseThrow().toDo()).contains("last good commit stays in force");

        // Another key is mounted, without a restart
        Files.writeString(signers.resolve("mallory.asc"), mallory.publicKey());
        String other = repo.signedBy(mallory.signer()).commit("Now trusted");
        source.fetchNow();
        awaitCommit(other);
    }

    @Test
    void sshKeysAreVerifiedOverHttpAndTheSameCommitIsAcceptedOnceItsKeyIsMounted() throws Exception {
        SshTestKey grace = SshTestKey.generate();
        Files.writeString(
                signers.resolve("allowed_signers"),
                "heidi@example.org " + SshTestKey.generate().publicKey());
        String commit = repo.signedBy(grace.signer()).write("solr.yaml", "3").commit("First");
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            follow(server.url("config.git"));
            awaitFailure(
                    "Commit " + commit,
                    "is signed by an unknown key (SSH key ecdsa-sha2-nistp256 " + grace.fingerprint());
            assertThat(parsed).as("files that were parsed").isEmpty();

            Files.writeString(signers.resolve("allowed_signers"), "grace@example.org " + grace.publicKey());
            source.fetchNow();
            awaitCommit(commit);
            assertThat(source.state().commit().orElseThrow().signer())
                    .contains("grace@example.org (" + grace.fingerprint() + ")");

            refuse(repo.unsigned().write("solr.yaml", "5").commit("Unsigned"), "is unsigned");
            assertInForce(commit);
        }
    }

    @Test
    void withoutKeysNothingIsFollowed() throws Exception {
        OpenPgpTestKey alice = OpenPgpTestKey.generate("Alice <alice@example.org>");
        repo.signedBy(alice.signer()).write("kafka.yaml", "3").commit("First");

        follow(repo.url());

        awaitFailure("the directory of trusted keys " + signers + " contains no key");
        assertThat(parsed).isEmpty();
    }

    private void follow(String url) {
        GitSettings settings = new GitSettings(
                        RemoteUrl.of(url),
                        "main",
                        "",
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(30),
                        GitSettings.Files.none(),
                        directory.resolve("cache"))
                .with(new SignaturePolicy(Required.COMMIT, signers));
        source = new GitSource(
                settings,
                "here",
                new MemoryRecord(),
                (files, goOn) -> new CommitReader.Complete(parse(files)),
                store,
                Clock.systemUTC());
        source.start();
    }

    private void refuse(String commit, String why) {
        source.fetchNow();
        awaitFailure("Commit " + commit, why);
    }

    private void assertInForce(String commit) {
        assertThat(source.state().commit().orElseThrow().id()).isEqualTo(commit);
        assertThat(source.state().storedCommit()).contains(commit);
        source.resync();
        assertThat(store.source(repoEnsemble()).orElseThrow().state()).isEqualTo("Synced");
        assertThat(parsed).as("commits that were parsed").doesNotHaveDuplicates();
    }

    private String repoEnsemble() {
        return source.state().ensembles().get(0).id().name();
    }

    private ParsedCommit parse(List<SourceFile> files) {
        parsed.add(files.stream().map(SourceFile::text).collect(Collectors.joining(" ")));
        List<Found> found = files.stream()
                .map(file -> {
                    ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
                    resource.getMetadata().setNamespace("ns");
                    resource.getMetadata().setName(file.path().replace(".yaml", ""));
                    resource.setSpec(
                            SpecBuilder.voters(Integer.parseInt(file.text().strip()))
                                    .build());
                    return new Found(resource, file.path());
                })
                .toList();
        Map<String, Boolean> contents = files.stream().collect(Collectors.toMap(SourceFile::path, file -> true));
        return new ParsedCommit(found, List.of(), Set.of(), Set.of(), List.of(), contents);
    }

    private void awaitCommit(String commit) {
        await(() -> source.state().storedCommit().filter(commit::equals).isPresent());
    }

    private void awaitFailure(String... parts) {
        await(() -> source.state()
                .fetchFailure()
                .filter(failure -> List.of(parts).stream().allMatch(failure.what()::contains))
                .isPresent());
    }

    private void await(BooleanSupplier reached) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now())
                    .as(() -> "in time; state " + source.state())
                    .isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
