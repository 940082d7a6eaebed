package dev.ensembled.git.signature;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/**
 * Checks an SSH signature against {@code allowed_signers} and {@code revoked_keys}. The signature has no time of its own:
 * the time of the object counts, and because its author chooses that, the present time too.
 */
record SshCheck(TrustedKeys.SshKeys keys, Instant now) {

    Verdict.Verified of(SignedObject object) throws RefusedException {
        SshSignature signature = SshSignature.parse(object.signature());
        signature.verify(object.payload());
        refuseRevoked(signature.ownKey());
        if (!signature.namespace().equals(SshSignature.GIT)) {
            throw new RefusedException(
                    Reason.WRONG_NAMESPACE, "namespace \"" + signature.namespace() + "\", " + signature.keyName());
        }
        List<Instant> times = List.of(object.time(), now);
        if (signature.key() instanceof OpenSshCertificate certificate) {
            return certified(new SshCertificate(certificate), times);
        }
        AllowedSigner line = allowed(signature.key(), false, times);
        return new Verdict.Verified(line.principals().toString(), KeyUtils.getFingerPrint(signature.key()));
    }

    private Verdict.Verified certified(SshCertificate certificate, List<Instant> times) throws RefusedException {
        certificate.verify();
        refuseRevoked(certificate.authority());
        AllowedSigner line = allowed(certificate.authority(), true, times);
        certificate.refuseOutside(times);
        return new Verdict.Verified(
                certificate.principal(line.principals()), KeyUtils.getFingerPrint(certificate.ownKey()));
    }

    private void refuseRevoked(PublicKey key) throws RefusedException {
        if (keys.revoked().contains(SshSignature.text(key))) {
            throw new RefusedException(Reason.REVOKED_KEY, SshSignature.name(key) + " is in revoked_keys");
        }
    }

    /** The first line that allows the key; if none does, the reason of the first line of the key. */
    private AllowedSigner allowed(PublicKey key, boolean authority, List<Instant> times) throws RefusedException {
        SshPublicKeyText text = SshSignature.text(key);
        RefusedException first = null;
        for (AllowedSigner line : keys.allowed()) {
            if (line.authority() == authority && line.key().equals(text)) {
                Optional<RefusedException> refused = refused(line, key, times);
                if (refused.isEmpty()) {
                    return line;
                }
                first = first == null ? refused.get() : first;
            }
        }
        throw first != null
                ? first
                : new RefusedException(
                        Reason.UNKNOWN_KEY,
                        (authority ? "certificate of the authority " : "") + SshSignature.name(key));
    }

    private static Optional<RefusedException> refused(AllowedSigner line, PublicKey key, List<Instant> times) {
        String name = SshSignature.name(key);
        if (line.namespaces().filter(all -> !all.match(SshSignature.GIT)).isPresent()) {
            return Optional.of(new RefusedException(
                    Reason.WRONG_NAMESPACE,
                    name + " may sign only for \"" + line.namespaces().get() + "\" by allowed_signers"));
        }
        if (line.validAfter()
                .filter(from -> times.stream().anyMatch(time -> time.isBefore(from)))
                .isPresent()) {
            return Optional.of(new RefusedException(
                    Reason.NOT_YET_VALID,
                    name + ", which is valid after " + line.validAfter().get()));
        }
        if (line.validBefore()
                .filter(end -> times.stream().anyMatch(time -> time.isAfter(end)))
                .isPresent()) {
            return Optional.of(new RefusedException(
                    Reason.EXPIRED_KEY,
                    name + ", which is valid before " + line.validBefore().get()));
        }
        return Optional.empty();
    }
}
