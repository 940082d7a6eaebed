package dev.ensembled.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.UploadPack;

/** Serves one repository over SSH, to one key. */
final class GitSshServer implements AutoCloseable {
    private final SshServer server = SshServer.setUpDefaultServer();
    private final KeyPair hostKey;
    private volatile PublicKey allowed;
    private volatile boolean hanging;
    private volatile boolean byGit;

    GitSshServer(Path repository) throws IOException, GeneralSecurityException {
        hostKey = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, allowed));
        server.setCommandFactory((channel, command) -> new Upload(command, repository));
        server.start();
    }

    String url() {
        return "ssh://git@127.0.0.1:" + server.getPort() + "/any.git";
    }

    void allow(PublicKey key) {
        allowed = key;
    }

    /** Answers with Git itself from now on. */
    void serveByGit() {
        byGit = true;
    }

    void hang() {
        hanging = true;
    }

    Path knownHosts(Path file) throws IOException {
        return Files.writeString(file, label() + " " + line(hostKey.getPublic()) + "\n");
    }

    /** The server's name in known_hosts. */
    String label() {
        return "[127.0.0.1]:" + server.getPort();
    }

    int port() {
        return server.getPort();
    }

    PublicKey hostKey() {
        return hostKey.getPublic();
    }

    /** A line of known_hosts for a key. */
    static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    /** Presents a certificate of this authority for the given name from now on. */
    void certify(KeyPair authority, String name, Instant until) throws Exception {
        OpenSshCertificate certificate = OpenSshCertificateBuilder.hostCertificate()
                .publicKey(hostKey.getPublic())
                .id("test")
                .principals(List.of(name))
                .validAfter(Instant.now().minusSeconds(3600))
                .validBefore(until)
                .sign(authority);
        server.setHostKeyCertificateProvider(session -> List.of(certificate));
    }

    /** Writes a private key as ssh-keygen does. */
    static Path write(KeyPair key, Path file, String passphrase) throws IOException, GeneralSecurityException {
        OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
        encryption.setPassword(passphrase);
        encryption.setCipherName("AES");
        encryption.setCipherType("256");
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                    key, "test", passphrase == null ? null : encryption, out);
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    private final class Upload extends AbstractCommandSupport {
        private final Path repository;

        Upload(String command, Path repository) {
            super(command, null);
            this.repository = repository;
        }

        @Override
        public void run() {
            try (Repository opened = new FileRepositoryBuilder()
                    .setBare()
                    .setGitDir(repository.toFile())
                    .build()) {
                if (hanging) {
                    Thread.sleep(600_000);
                }
                if (byGit) {
                    onExit(git());
                    return;
                }
                new UploadPack(opened).upload(getInputStream(), getOutputStream(), getErrorStream());
                onExit(0);
            } catch (IOException | InterruptedException e) {
                onExit(1, e.toString());
            }
        }

        private int git() throws IOException, InterruptedException {
            ProcessBuilder builder = new ProcessBuilder("git", "upload-pack", repository.toString());
            String protocol = getEnvironment().getEnv().get("GIT_PROTOCOL");
            if (protocol != null) {
                builder.environment().put("GIT_PROTOCOL", protocol);
            }
            Process git = builder.start();
            Thread asked = new Thread(() -> copy(getInputStream(), git.getOutputStream()), "git-ssh-server");
            asked.setDaemon(true);
            asked.start();
            copy(git.getInputStream(), getOutputStream());
            copy(git.getErrorStream(), getErrorStream());
            return git.waitFor();
        }

        private void copy(InputStream from, OutputStream to) {
            try {
                byte[] buffer = new byte[8192];
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    to.write(buffer, 0, count);
                    to.flush();
                }
            } catch (IOException e) {
                onExit(1, e.toString());
            }
        }
    }
}
