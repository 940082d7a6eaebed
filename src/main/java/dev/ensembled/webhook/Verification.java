package dev.ensembled.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a delivery comes from a sender that knows the secret. Pure.
 *
 * @param provider the sender; empty if the delivery is refused
 * @param refusal why it is refused, for the sender; empty if it is not. It says nothing about the secret
 */
record Verification(Optional<Provider> provider, String refusal) {
    /** How far the clocks of the sender and of this machine may differ, for the providers that send the time. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Verifies a delivery against all secrets; each is tried, so that the time does not depend on which one matches. */
    static Verification of(Delivery delivery, List<Secret> secrets, Instant now) {
        Optional<Provider> provider = Provider.of(delivery);
        if (provider.isEmpty()) {
            return refused("the request has no signature: set the secret at the sender. Expected one of the headers "
                    + Provider.signatureHeaders());
        }
        List<String> signatures = provider.get().signatures(delivery);
        if (signatures.size() > 1) {
            return refused("the header of the signature was sent more than once");
        }
        int proofs = 0;
        for (Secret secret : secrets) {
            proofs += provider.get().form().proves(signatures.get(0), secret, delivery) ? 1 : 0;
        }
        if (proofs == 0) {
            return refused(
                    "the signature does not match: compare the secret at the sender with the file webhook-secret");
        }
        if (provider.get().form() == SignatureForm.STANDARD && !isRecent(delivery, now)) {
            return refused("the time of the delivery differs by more than " + TOLERANCE.toMinutes()
                    + " minutes from the clock of this machine");
        }
        return new Verification(provider, "");
    }

    private static Verification refused(String why) {
        return new Verification(Optional.empty(), why);
    }

    private static boolean isRecent(Delivery delivery, Instant now) {
        try {
            long seconds =
                    Long.parseLong(delivery.value(SignatureForm.TIMESTAMP).orElse(""));
            return Math.abs(Math.subtractExact(seconds, now.getEpochSecond())) <= TOLERANCE.toSeconds();
        } catch (NumberFormatException | ArithmeticException e) {
            return false;
        }
    }
}
