package dev.ensembled.forge.github;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** The key of a GitHub App, in the forms in which it is stored in a file. */
record TestApp(KeyPair keys) {
    static final String ID = "4711";
    static final String CLIENT_ID = "Iv23liAbCdEf01234567";

    private static TestApp shared;

    /** The same App for all tests, since a key takes long to generate. */
    static synchronized TestApp shared() throws GeneralSecurityException {
        if (shared == null) {
            shared = create();
        }
        return shared;
    }

    static TestApp create() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return new TestApp(generator.generateKeyPair());
    }

    /** As GitHub issues it. */
    String pkcs1() throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(keys.getPrivate());
        }
        return text.toString();
    }

    /** As most tools convert it. */
    String pkcs8() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** Writes the files that are required. */
    AppFiles filesIn(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("app-id"), ID + "\n");
        Files.writeString(directory.resolve("private-key.pem"), pkcs1());
        return new AppFiles(directory);
    }
}
