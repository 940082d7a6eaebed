package dev.ensembled.git.signature;

import dev.ensembled.git.settings.SourceFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The keys whose signatures are accepted. */
public final class TrustedKeys {
    private final OpenPgpKeys openPgp;
    private final SshKeys ssh;

    private TrustedKeys(OpenPgpKeys openPgp, SshKeys ssh) {
        this.openPgp = openPgp;
        this.ssh = ssh;
    }

    /**
     * Reads keys from the content of files, by the file names: {@code *.asc} and {@code *.gpg} are OpenPGP public keys,
     * {@code allowed_signers} and {@code revoked_keys} are as in ssh-keygen(1). Other files are ignored.
     *
     * @throws SourceFailedException if one of these files is invalid: it is not skipped, since it may revoke a key
     */
    public static TrustedKeys of(List<KeyFile> files) throws SourceFailedException {
        List<KeyFile> openPgp = new ArrayList<>();
        List<AllowedSigner> allowed = new ArrayList<>();
        List<SshPublicKeyText> revoked = new ArrayList<>();
        for (KeyFile file : files) {
            String name = file.name().substring(file.name().lastIndexOf('/') + 1);
            if (isOpenPgp(name)) {
                openPgp.add(file);
            } else if (name.equals("allowed_signers")) {
                allowed.addAll(AllowedSigner.read(file));
            } else if (name.equals("revoked_keys")) {
                revoked.addAll(SshPublicKeyText.revoked(file));
            }
        }
        return new TrustedKeys(OpenPgpKeys.read(openPgp), new SshKeys(allowed, revoked));
    }

    /** Whether a file of this name is read. */
    static boolean isKeyFile(String name) {
        return isOpenPgp(name) || name.equals("allowed_signers") || name.equals("revoked_keys");
    }

    private static boolean isOpenPgp(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".asc") || lower.endsWith(".gpg");
    }

    /** Whether no signature at all can be accepted. */
    public boolean isEmpty() {
        return openPgp.certificates().isEmpty() && ssh.allowed().isEmpty();
    }

    OpenPgpKeys openPgp() {
        return openPgp;
    }

    SshKeys ssh() {
        return ssh;
    }

    /**
     * The SSH keys.
     *
     * @param allowed the lines of allowed_signers
     * @param revoked keys that are refused, whatever else is said about them
     */
    record SshKeys(List<AllowedSigner> allowed, List<SshPublicKeyText> revoked) {
        SshKeys {
            allowed = List.copyOf(allowed);
            revoked = List.copyOf(revoked);
        }
    }
}
