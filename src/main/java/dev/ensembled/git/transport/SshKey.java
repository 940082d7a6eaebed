package dev.ensembled.git.transport;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.FilePasswordProvider.ResourceDecodeResult;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * Reads the mounted private key before the first request to the server, so that an error in the key is reported as such, and
 * not as a server that refuses the key. Used once.
 */
final class SshKey {
    private final MountedFile file;
    private final Optional<Path> passphraseFile;
    private final Optional<String> passphrase;
    private boolean encrypted;

    private SshKey(MountedFile file, Optional<Path> passphraseFile, Optional<String> passphrase) {
        this.file = file;
        this.passphraseFile = passphraseFile;
        this.passphrase = passphrase;
    }

    /** Reads the keys of the file. */
    static List<KeyPair> read(GitSettings.Files files) throws SourceFailedException {
        MountedFile key = new MountedFile("private key", files.privateKey().orElseThrow());
        Optional<String> passphrase = files.password().isPresent()
                ? new MountedFile("passphrase", files.password().get()).text()
                : Optional.empty();
        passphrase.ifPresent(secret -> Redaction.learn(RemoteUrl.DEFAULT_USER, secret));
        return new SshKey(key, files.password(), passphrase).pairs();
    }

    private List<KeyPair> pairs() throws SourceFailedException {
        byte[] content = file.required();
        List<KeyPair> pairs = new ArrayList<>();
        try {
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null,
                    NamedResource.ofName(file.path().toString()),
                    new ByteArrayInputStream(content),
                    new Passphrase());
            if (found != null) {
                found.forEach(pairs::add);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unusable(new String(content, StandardCharsets.UTF_8), e);
        }
        if (pairs.isEmpty()) {
            throw unusable(new String(content, StandardCharsets.UTF_8), null);
        }
        return pairs;
    }

    private SourceFailedException unusable(String content, Exception cause) {
        if (encrypted && passphrase.isEmpty()) {
            return file.failed(
                    "is encrypted, but no passphrase is available",
                    "Put the passphrase into "
                            + passphraseFile.map(Path::toString).orElse("the password file")
                            + ", or use a key without a passphrase.",
                    cause);
        }
        if (encrypted) {
            return file.failed(
                    "cannot be decrypted with the passphrase in "
                            + passphraseFile.map(Path::toString).orElse("the password file"),
                    "Correct the passphrase; if it is correct, the key is damaged: replace it.",
                    cause);
        }
        return file.failed(kind(content), "Mount a complete private key in OpenSSH or PEM format.", cause);
    }

    /** The kind of a file that was mounted by mistake; never shows any of its content. */
    private static String kind(String content) {
        String text = content.strip();
        if (text.matches("(?s)(ssh|ecdsa|sk)-\\S+ .*")
                || text.startsWith("---- BEGIN SSH2 PUBLIC KEY")
                || text.startsWith("-----BEGIN PUBLIC KEY")) {
            return "contains a public key instead of a private key";
        }
        if (text.startsWith("PuTTY-User-Key-File")) {
            return "contains a key in PuTTY format, which is not supported: export it in OpenSSH format";
        }
        return text.startsWith("-----BEGIN ") && text.contains("PRIVATE KEY")
                ? "contains a private key that is damaged or of an unsupported type"
                : "contains no private key";
    }

    /** Supplies the passphrase once, and remembers that the key needed it. */
    private final class Passphrase implements FilePasswordProvider {
        @Override
        public String getPassword(SessionContext session, NamedResource resource, int attempt) {
            encrypted = true;
            return passphrase.orElse(null);
        }

        @Override
        public ResourceDecodeResult handleDecodeAttemptResult(
                SessionContext session, NamedResource resource, int attempt, String password, Exception failure) {
            return ResourceDecodeResult.TERMINATE;
        }
    }
}
