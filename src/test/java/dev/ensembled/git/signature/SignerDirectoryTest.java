package dev.ensembled.git.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mounted files with keys, as people get them wrong. */
class SignerDirectoryTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";

    @TempDir
    Path directory;

    @Test
    void aMissingOrEmptyDirectorySaysWhatToMount() throws IOException {
        assertThat(failure(directory.resolve("absent"))).hasMessageContaining("does not exist");
        Files.writeString(directory.resolve("README"), "keys go here");

        SourceFailedException empty = failure(directory);

        assertThat(empty).hasMessageContaining(directory + " contains no key");
        assertThat(empty.toDo()).contains("*.asc", "allowed_signers", "ensembled-signers");
    }

    @Test
    void aMountedSecretIsReadAsOneVersion() throws Exception {
        Path version = Files.createDirectory(directory.resolve("..2026_11_01"));
        Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
        Files.writeString(version.resolve("allowed_signers"), "alice@example.org " + KEY);
        // A key of the previous version, whose link the kubelet has not removed yet
        Files.writeString(directory.resolve("bob.asc"), "no longer mounted");

        assertThat(new SignerDirectory(directory).read().ssh().allowed()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    allowed_signers | alice@example.org                                  | invalid line 1: expected principals and a key
                    allowed_signers | alice@example.org ssh-ed25519 nonsense             | invalid line 1: no public key found
                    allowed_signers | alice@example.org ssh-rsa AAAAC3NzaC1lZDI1NTE5     | invalid line 1: no public key found
                    allowed_signers | alice@example.org namespace="git" KEY              | invalid line 1: unknown option "namespace"
                    allowed_signers | alice@example.org valid-before=20260101 KEY        | invalid line 1: no public key found
                    allowed_signers | alice@example.org valid-before="2026-01-01" KEY    | invalid line 1: invalid time "2026-01-01"
                    allowed_signers | alice@example.org valid-before="20260231" KEY      | invalid line 1
                    allowed_signers | alice@example.org namespaces="" KEY                | invalid line 1: a name in the list is empty
                    allowed_signers | alice@example.org valid-after KEY                  | invalid line 1: option "valid-after" requires
                    allowed_signers | alice@example.org cert-authority,cert-authority KEY | invalid line 1: option "cert-authority" is given twice
                    revoked_keys    | alice@example.org                                  | invalid line 1
                    revoked_keys    | SSHKRL with a binary list                          | binary key revocation list (KRL)
                    alice.asc       | KEY                                                | cannot be read as OpenPGP public keys
                    """)
    void anInvalidFileIsRefusedByNameAndLine(String name, String content, String problem) throws IOException {
        Files.writeString(directory.resolve("allowed_signers"), "grace@example.org " + KEY);
        Files.writeString(directory.resolve(name), content.replace("KEY", KEY));

        assertThat(failure(directory)).hasMessageContaining(name).hasMessageContaining(problem);
    }

    @Test
    void aPrivateKeyIsRefusedAndNotShown() throws Exception {
        String secret = OpenPgpTestKey.generate("Alice <alice@example.org>").privateKey();
        Files.writeString(directory.resolve("alice.asc"), secret);

        SourceFailedException failure = failure(directory);

        assertThat(failure).hasMessageContaining("contains a private key");
        assertThat(failure.getMessage() + failure.toDo())
                .doesNotContain(secret.lines().toList().get(4));
    }

    @Test
    void oneFileMayHaveSeveralArmoredKeys() throws IOException, SourceFailedException {
        Path keys = Fixtures.keyDirectory();
        Files.writeString(
                directory.resolve("team.asc"),
                Files.readString(keys.resolve("alice.asc")) + "\n" + Files.readString(keys.resolve("bob.asc")));

        assertThat(new SignerDirectory(directory).read().openPgp().certificates())
                .hasSize(2);
    }

    private static SourceFailedException failure(Path directory) {
        SourceFailedException failure =
                catchThrowableOfType(SourceFailedException.class, () -> new SignerDirectory(directory).read());
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }
}
