package dev.ensembled.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate for one address.
 *
 * @param context for a server
 * @param pem the certificate of the authority, for clients that trust it
 * @param keyStore its key and certificate
 * @param clients whether a server requires a certificate from its clients
 */
public record TestCertificate(SSLContext context, Path pem, KeyStore keyStore, boolean clients) {
    private static final String PASSWORD = "for-tests";
    private static final String ALIAS = "git";

    /** Creates a self-signed certificate for 127.0.0.1, with files in that directory. */
    public static TestCertificate in(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        return in(directory, "127.0.0.1");
    }

    /** Creates a self-signed certificate for an IP address, with files in that directory. */
    public static TestCertificate in(Path directory, String address)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = Files.createDirectories(directory).resolve("server.p12");
        makeKey(store, "git", "CN=git " + directory.hashCode(), "-ext", "SAN=ip:" + address);
        return of(directory, store, "git");
    }

    /**
     * Creates a certificate for 127.0.0.1 by an authority; valid for 30 days from a time in the format of keytool, such
     * as "-40d".
     */
    public static TestCertificate signed(Path directory, String from)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = Files.createDirectories(directory).resolve("server.p12");
        Path request = directory.resolve("request.pem");
        Path answer = directory.resolve("answer.pem");
        makeKey(store, "ca", "CN=authority", "-ext", "bc:c");
        makeKey(store, "git", "CN=git");
        keytool(store, "-certreq", "-alias", "git", "-file", request.toString());
        keytool(
                store,
                List.of("-gencert", "-alias", "ca", "-infile", request.toString(), "-outfile", answer.toString()),
                List.of("-ext", "SAN=ip:127.0.0.1", "-startdate", from, "-validity", "30", "-rfc"));
        keytool(store, "-importcert", "-alias", "git", "-file", answer.toString());
        return of(directory, store, "ca");
    }

    private static void makeKey(Path store, String alias, String name, String... more)
            throws IOException, InterruptedException {
        keytool(
                store,
                List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1"),
                List.of("-validity", "30", "-dname", name),
                List.of(more));
    }

    private static void keytool(Path store, String... words) throws IOException, InterruptedException {
        keytool(store, List.of(words));
    }

    @SafeVarargs
    private static void keytool(Path store, List<String>... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (List<String> some : words) {
            command.addAll(some);
        }
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    private static TestCertificate of(Path directory, Path file, String authority)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path pem = Files.writeString(
                directory.resolve("ca.pem"),
                pem("CERTIFICATE", store.getCertificate(authority).getEncoded()));
        store.deleteEntry("ca");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new TestCertificate(context, pem, store, false);
    }

    /** The same certificate, for a server that requires one of these certificates from its clients. */
    public TestCertificate trusting(TestCertificate... clients) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (TestCertificate client : clients) {
            trusted.setCertificateEntry("client-" + trusted.size(), client.keyStore.getCertificate(ALIAS));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, PASSWORD.toCharArray());
        SSLContext mutual = SSLContext.getInstance("TLS");
        mutual.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new TestCertificate(mutual, pem, keyStore, true);
    }

    /** Writes the certificate and its key as a Secret of Kubernetes has them: tls.crt and tls.key. */
    public void writeTo(Path directory) throws GeneralSecurityException, IOException {
        Files.copy(pem, directory.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        Key key = keyStore.getKey(ALIAS, PASSWORD.toCharArray());
        Files.writeString(directory.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String type, byte[] content) {
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + encoded + "\n-----END " + type + "-----\n";
    }
}
