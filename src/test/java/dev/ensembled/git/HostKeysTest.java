package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers are trusted over SSH according to the known_hosts file, with a real server. */
@Timeout(60)
class HostKeysTest {
    @TempDir
    Path directory;

    private ConfigRepo repo;
    private GitSshServer server;
    private Path knownHosts;
    private Path key;

    @BeforeEach
    void startServer() throws Exception {
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
        server = new GitSshServer(repo.directory());
        knownHosts = directory.resolve("known_hosts");
        KeyPair pair = pair();
        server.allow(pair.getPublic());
        key = GitSshServer.write(pair, directory.resolve("key"), null);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
        repo.close();
    }

    @Test
    void anUnknownServerIsRefusedWithItsFingerprint() throws Exception {
        knows("# nothing but a comment");

        SourceFailedException failure = failure();

        assertThat(failure)
                .hasMessageContaining("The host key of " + server.label() + " is unknown")
                .hasMessageContaining(KeyUtils.getFingerPrint(server.hostKey()))
                .hasMessageContaining(knownHosts.toString());
        assertThat(failure.toDo())
                .contains("Only if they are equal")
                .contains("ssh-keyscan -p " + server.port() + " 127.0.0.1");
        assertThat(knownHosts).hasContent("# nothing but a comment\n");
    }

    @Test
    void aServerThatIsKnownAtAnotherPortOnlyIsUnknown() throws Exception {
        knows("127.0.0.1 " + GitSshServer.line(server.hostKey()));

        assertThat(failure()).hasMessageContaining("is unknown");
        assertThat(failure().toDo()).contains("names the host as " + server.label());
    }

    @Test
    void changedHostKeyIsAWarningWithoutAdviceToAddIt() throws Exception {
        PublicKey onRecord = pair().getPublic();
        knows(server.label() + " " + GitSshServer.line(onRecord));

        SourceFailedException failure = failure();

        assertThat(failure)
                .hasMessageStartingWith("WARNING")
                .hasMessageContaining(KeyUtils.getFingerPrint(server.hostKey()))
                .hasMessageContaining("has ecdsa-sha2-nistp256 " + KeyUtils.getFingerPrint(onRecord))
                .hasMessageNotContaining("is unknown");
        assertThat(failure.toDo()).startsWith("Do not just replace the key").doesNotContain("ssh-keyscan");
    }

    @Test
    void hostKeyOfAnotherTypeThanRecordedIsAWarningToo() throws Exception {
        knows(server.label() + " "
                + GitSshServer.line(KeyUtils.generateKeyPair("ssh-rsa", 3072).getPublic()));

        assertThat(failure()).hasMessageStartingWith("WARNING").hasMessageContaining("has ssh-rsa");
    }

    @Test
    void anyOfSeveralRecordedKeysIsEnough() throws Exception {
        knows(
                server.label() + " " + GitSshServer.line(pair().getPublic()),
                "other," + server.label() + " " + GitSshServer.line(server.hostKey()) + " a comment");

        assertThat(fetch().files()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "127.0.0.1", "127.0.0.*,other"})
    void aRevokedKeyIsRefusedAlsoWhereAnotherLineHasIt(String pattern) throws Exception {
        String line = GitSshServer.line(server.hostKey());
        String hosts = pattern.isEmpty() ? server.label() : pattern;
        knows(server.label() + " " + line, "@revoked " + hosts + " " + line);

        SourceFailedException failure = failure();

        assertThat(failure)
                .hasMessageContaining("is marked as @revoked")
                .hasMessageContaining(KeyUtils.getFingerPrint(server.hostKey()));
        assertThat(failure.toDo()).contains("Do not remove the mark").doesNotContain("ssh-keyscan");
    }

    @Test
    void unrelatedRevokedKeyDoesNotMatter() throws Exception {
        String line = GitSshServer.line(server.hostKey());
        String other = GitSshServer.line(pair().getPublic());
        knows("@revoked other " + line, "@revoked * " + other, server.label() + " " + line);

        assertThat(fetch().files()).hasSize(1);
    }

    @Test
    void aHashedNameIsUnderstood() throws Exception {
        knows(hashed(server.label()) + " " + GitSshServer.line(server.hostKey()));
        assertThat(fetch().files()).hasSize(1);

        knows(hashed(server.label()) + " " + GitSshServer.line(pair().getPublic()));
        assertThat(failure()).hasMessageStartingWith("WARNING");
    }

    @Test
    void unreadableLineIsNamedAndNotSkipped() throws Exception {
        knows(server.label() + " " + GitSshServer.line(server.hostKey()), "@revoked nonsense");

        assertThat(failure()).hasMessageContaining("has an invalid line 2");
    }

    @Test
    void aCertificateOfATrustedAuthorityIsBelieved() throws Exception {
        KeyPair authority = pair();
        server.certify(authority, "127.0.0.1", Instant.now().plusSeconds(3600));
        knows("@cert-authority " + server.label() + " " + GitSshServer.line(authority.getPublic()));

        assertThat(fetch().files()).hasSize(1);
    }

    @Test
    void aCertificateOfAnotherAuthorityOrOfARevokedOneIsNot() throws Exception {
        KeyPair authority = pair();
        server.certify(authority, "127.0.0.1", Instant.now().plusSeconds(3600));
        knows("@cert-authority " + server.label() + " " + GitSshServer.line(pair().getPublic()));
        assertThat(failure()).hasMessageContaining("trusts only a certificate authority");

        String line = server.label() + " " + GitSshServer.line(authority.getPublic());
        knows("@cert-authority " + line, "@revoked " + line);
        assertThat(failure()).hasMessageContaining("is marked as @revoked");
    }

    @Test
    void aCertificateThatExpiredOrIsForAnotherNameIsNot() throws Exception {
        KeyPair authority = pair();
        knows("@cert-authority " + server.label() + " " + GitSshServer.line(authority.getPublic()));

        server.certify(authority, "127.0.0.1", Instant.now().minusSeconds(60));
        assertThat(failure()).as("expired").isNotNull();

        server.certify(authority, "other.example", Instant.now().plusSeconds(3600));
        assertThat(failure()).as("for another name").isNotNull();
    }

    @Test
    void theKeyOfAnAuthorityIsNoKeyOfAServer() throws Exception {
        knows("@cert-authority " + server.label() + " " + GitSshServer.line(server.hostKey()));

        assertThat(failure()).hasMessageContaining("is unknown");
    }

    private static String hashed(String name) throws GeneralSecurityException {
        byte[] salt = "twenty bytes of salt".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(salt, "HmacSHA1"));
        byte[] digest = mac.doFinal(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Base64.Encoder base64 = Base64.getEncoder();
        return "|1|" + base64.encodeToString(salt) + "|" + base64.encodeToString(digest);
    }

    private static KeyPair pair() throws GeneralSecurityException {
        return KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
    }

    private void knows(String... lines) throws IOException {
        Files.writeString(knownHosts, String.join("\n", lines) + "\n");
    }

    private CommitFiles fetch() throws Exception {
        return new GitRepository(new GitSettings(
                        RemoteUrl.of(server.url()),
                        "main",
                        "",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(20),
                        new GitSettings.Files(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(key),
                                Optional.of(knownHosts),
                                Optional.empty()),
                        directory.resolve("cache")))
                .fetch(() -> {});
    }

    private SourceFailedException failure() {
        return catchThrowableOfType(SourceFailedException.class, this::fetch);
    }
}
