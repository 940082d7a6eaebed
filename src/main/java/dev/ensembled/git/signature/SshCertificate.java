package dev.ensembled.git.signature;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/** The certificate of an SSH key, by an authority that {@code allowed_signers} may name. */
record SshCertificate(OpenSshCertificate certificate) {

    PublicKey ownKey() {
        return certificate.getCertPubKey();
    }

    PublicKey authority() {
        return certificate.getCaPubKey();
    }

    /** Checks the signature of the authority, and that the certificate is for users and has no conditions. */
    void verify() throws RefusedException {
        if (certificate.getType() != OpenSshCertificate.Type.USER) {
            throw new RefusedException(Reason.UNSUPPORTED, "SSH certificate of a host, of " + name());
        }
        if (authority() instanceof OpenSshCertificate || ownKey() instanceof OpenSshCertificate) {
            throw new RefusedException(Reason.UNSUPPORTED, "SSH certificate of a certificate, of " + name());
        }
        if (!certificate.getCriticalOptions().isEmpty()) {
            throw new RefusedException(
                    Reason.UNSUPPORTED,
                    "SSH certificate with the critical options "
                            + certificate.getCriticalOptionsMap().keySet() + ", of " + name());
        }
        SshSignature.verify(authority(), certificate.getSignature(), certificate.getMessage());
    }

    void refuseOutside(List<Instant> times) throws RefusedException {
        for (Instant time : times) {
            long seconds = time.getEpochSecond();
            if (Long.compareUnsigned(seconds, certificate.getValidAfter()) < 0) {
                throw new RefusedException(
                        Reason.NOT_YET_VALID,
                        name() + ", whose certificate is valid from " + time(certificate.getValidAfter()));
            }
            if (Long.compareUnsigned(seconds, certificate.getValidBefore()) >= 0) {
                throw new RefusedException(
                        Reason.EXPIRED_KEY,
                        name() + ", whose certificate expired " + time(certificate.getValidBefore()));
            }
        }
    }

    private static String time(long seconds) {
        return seconds < 0
                ? "never"
                : Instant.ofEpochSecond(Math.min(seconds, Instant.MAX.getEpochSecond()))
                        .toString();
    }

    /** The first principal of the certificate that the authority may certify. */
    String principal(SshPatterns allowed) throws RefusedException {
        return certificate.getPrincipals().stream()
                .filter(allowed::match)
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        Reason.WRONG_PRINCIPAL,
                        (certificate.getPrincipals().isEmpty()
                                        ? "no principals"
                                        : "principals " + certificate.getPrincipals())
                                + ", allowed are \"" + allowed + "\"; " + name()));
    }

    private String name() {
        return SshSignature.name(ownKey());
    }
}
