package dev.ensembled.git.transport;

import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;

/**
 * Verifies the host key of the server by the mounted known_hosts file, and keeps the reason of a refusal:
 *
 * <ol>
 *   <li>a key that the file marks as {@code @revoked} is refused, whatever else the file says about it;
 *   <li>a key that the file has for that host and port is accepted;
 *   <li>a certificate of an authority that the file trusts for that host ({@code @cert-authority}) is accepted; the SSH
 *       client has already checked its signature, its dates and its names;
 *   <li>every other key is refused: as changed if the file has other keys of that host, otherwise as unknown.
 * </ol>
 *
 * <p>The file is never changed.
 */
final class HostKeys implements ServerKeyDatabase {
    private static final String REVOKED = "revoked";
    private static final String AUTHORITY = "cert-authority";
    private static final int SSH_PORT = 22;

    private final MountedFile file;
    private final String host;
    private final int port;
    private final List<KnownHostEntry> entries;
    private volatile SourceFailedException refusal;

    private HostKeys(MountedFile file, String host, int port, List<KnownHostEntry> entries) {
        this.file = file;
        this.host = host;
        this.port = port;
        this.entries = entries;
    }

    /** Reads the current content of the file. */
    static HostKeys read(MountedFile file, RemoteUrl url) throws SourceFailedException {
        int port =
                url.forTransport().getPort() < 0 ? SSH_PORT : url.forTransport().getPort();
        List<KnownHostEntry> entries = new ArrayList<>();
        int number = 0;
        for (String line :
                new String(file.required(), StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            KnownHostEntry entry = entry(file, line.strip(), number);
            // A @revoked line without a port revokes the key on all ports.
            boolean revokes = REVOKED.equals(entry.getMarker()) && entry.isHostMatch(url.host(), SSH_PORT);
            if (revokes || entry.isHostMatch(url.host(), port)) {
                entries.add(entry);
            }
        }
        return new HostKeys(file, url.host(), port, entries);
    }

    /** A line that cannot be parsed must not be skipped: it may revoke a key. */
    private static KnownHostEntry entry(MountedFile file, String line, int number) throws SourceFailedException {
        try {
            KnownHostEntry entry = KnownHostEntry.parseKnownHostEntry(line);
            if (entry != null && entry.getKeyEntry() != null) {
                return entry;
            }
        } catch (RuntimeException e) {
            throw broken(file, number, e);
        }
        throw broken(file, number, null);
    }

    private static SourceFailedException broken(MountedFile file, int number, Throwable cause) {
        return file.failed(
                "has an invalid line " + number,
                "Each line must have the form \"HOST TYPE KEY\", as \"ssh-keyscan\" prints it: correct or remove the line.",
                cause);
    }

    /** Why the server was refused; empty if it was not refused. */
    Optional<SourceFailedException> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public List<PublicKey> lookup(String address, InetSocketAddress remote, Configuration configuration) {
        return entries.stream()
                .filter(entry -> entry.getMarker() == null)
                .flatMap(entry -> key(entry).stream())
                .toList();
    }

    @Override
    public boolean accept(
            String address,
            InetSocketAddress remote,
            PublicKey key,
            Configuration configuration,
            CredentialsProvider provider) {
        Optional<SourceFailedException> refusalOfKey = refusalOf(key);
        refusal = refusalOfKey.orElse(null);
        return refusalOfKey.isEmpty();
    }

    private Optional<SourceFailedException> refusalOf(PublicKey key) {
        Optional<OpenSshCertificate> certificate =
                key instanceof OpenSshCertificate signed ? Optional.of(signed) : Optional.empty();
        PublicKey own = certificate.map(OpenSshCertificate::getCertPubKey).orElse(key);
        Optional<PublicKey> authority = certificate.map(OpenSshCertificate::getCaPubKey);
        if (has(REVOKED, own) || authority.filter(one -> has(REVOKED, one)).isPresent()) {
            return Optional.of(revoked(own));
        }
        if (has(null, own) || authority.filter(one -> has(AUTHORITY, one)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(marked(null).isEmpty() ? unknown(own) : changed(own));
    }

    private List<KnownHostEntry> marked(String marker) {
        return entries.stream()
                .filter(entry -> marker == null ? entry.getMarker() == null : marker.equals(entry.getMarker()))
                .toList();
    }

    private boolean has(String marker, PublicKey key) {
        return marked(marker).stream()
                .flatMap(entry -> key(entry).stream())
                .anyMatch(known -> KeyUtils.compareKeys(known, key));
    }

    /** A key of a type that the client does not know is ignored: the client cannot have negotiated it with a server. */
    private static Optional<PublicKey> key(KnownHostEntry entry) {
        try {
            return Optional.ofNullable(
                    entry.getKeyEntry().resolvePublicKey(null, null, PublicKeyEntryResolver.IGNORING));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private SourceFailedException revoked(PublicKey key) {
        return new SourceFailedException(
                "The host key of " + label() + " is marked as @revoked in " + file.path() + ": " + fingerprint(key),
                "Do not remove the mark: a revoked key can be used to impersonate the server. Ask the operator of the server"
                        + " for the current host key.");
    }

    private SourceFailedException changed(PublicKey key) {
        String known = marked(null).stream()
                .flatMap(entry -> key(entry).stream())
                .map(HostKeys::fingerprint)
                .collect(Collectors.joining(", "));
        return new SourceFailedException(
                "WARNING: the host key of " + label() + " has changed: the server presented " + fingerprint(key)
                        + ", but " + file.path() + " has " + known + ". Another server may be impersonating it",
                "Do not just replace the key. Ask the operator of the server whether the host key was changed, and compare the"
                        + " fingerprint with the published fingerprint. Replace the line of the host only if they are equal.");
    }

    private SourceFailedException unknown(PublicKey key) {
        String authorities = marked(AUTHORITY).isEmpty()
                ? " has no key for this host"
                : " trusts only a certificate authority for this host, and the server presented no valid certificate";
        return new SourceFailedException(
                "The host key of " + label() + " is unknown: the server presented " + fingerprint(key) + ", but "
                        + file.path() + authorities,
                "Compare the fingerprint with the fingerprint that the operator of the server publishes. Only if they are"
                        + " equal, add the output of \"ssh-keyscan " + (port == SSH_PORT ? "" : "-p " + port + " ")
                        + host + "\" to the file, which names the host as " + label() + ".");
    }

    /** The host in the notation of known_hosts. */
    private String label() {
        return port == SSH_PORT ? host : "[" + host.replaceAll("[\\[\\]]", "") + "]:" + port;
    }

    private static String fingerprint(PublicKey key) {
        return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(key);
    }
}
