package dev.ensembled.forge.github;

import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A directory with the files of a GitHub App: {@code app-id} with its id or client id, {@code private-key.pem}, and
 * optionally {@code installation-id}. They are read again for each new token.
 */
public record AppFiles(Path directory) {
    private static final String APP_ID = "app-id";
    private static final String PRIVATE_KEY = "private-key.pem";
    private static final String INSTALLATION_ID = "installation-id";

    /** Whether the directory has any of the files, so that a missing file is an error. */
    public boolean present() {
        return Files.exists(directory.resolve(APP_ID)) || Files.exists(directory.resolve(PRIVATE_KEY));
    }

    /** The id or client id of the App. */
    String appId() throws SourceFailedException {
        MountedFile file = file("id of the GitHub App", APP_ID);
        String text = required(file);
        if (!text.matches("[A-Za-z0-9.]{1,100}")) {
            throw file.failed(
                    "is not the id of an App",
                    "Write the App ID or the client ID from the settings of the App into the file.",
                    null);
        }
        return text;
    }

    /** The number of the installation, if it is configured. */
    Optional<String> installationId() throws SourceFailedException {
        MountedFile file = file("installation id of the GitHub App", INSTALLATION_ID);
        Optional<String> text = file.text();
        if (text.isPresent() && !text.get().matches("[0-9]{1,18}")) {
            throw file.failed(
                    "is not a number",
                    "Write the number at the end of the installation's address into the file, or remove the file.",
                    null);
        }
        return text;
    }

    /** The key, in the form in which GitHub issues it (PKCS#1) or in that of most tools (PKCS#8). */
    PrivateKey privateKey() throws SourceFailedException {
        MountedFile file = file("private key of the GitHub App", PRIVATE_KEY);
        String pem = required(file);
        Redaction.learn("key", pem);
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            PrivateKey key = key(parser.readObject());
            if (key instanceof RSAKey) {
                return key;
            }
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
        throw unusable(file, null);
    }

    private static String required(MountedFile file) throws SourceFailedException {
        return file.text()
                .orElseThrow(() -> file.failed(
                        "does not exist",
                        "Mount the file next to the other files of the App. It is read again.",
                        null));
    }

    private static PrivateKey key(Object found) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        if (found instanceof PEMKeyPair pair) {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        return found instanceof PrivateKeyInfo info ? converter.getPrivateKey(info) : null;
    }

    private static SourceFailedException unusable(MountedFile file, Exception cause) {
        return file.failed(
                "is not an RSA private key in PEM without a passphrase",
                "Generate a private key in the settings of the App, and mount the file as it is.",
                cause);
    }

    private MountedFile file(String what, String name) {
        return new MountedFile(what, directory.resolve(name));
    }
}
