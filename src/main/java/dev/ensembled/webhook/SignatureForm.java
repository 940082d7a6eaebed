package dev.ensembled.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** How the header of a delivery proves that its sender knows the secret. */
enum SignatureForm {
    /** {@code sha256=} and the HMAC-SHA256 of the body in hexadecimal; other algorithms, such as {@code sha1=}, never match. */
    SHA256 {
        @Override
        boolean proves(String value, Secret secret, Delivery delivery) {
            return value.startsWith(ALGORITHM) && HEX.proves(value.substring(ALGORITHM.length()), secret, delivery);
        }
    },
    /** The HMAC-SHA256 of the body in hexadecimal. */
    HEX {
        @Override
        boolean proves(String value, Secret secret, Delivery delivery) {
            return hex(value).filter(mac -> secret.signed(mac, delivery.body())).isPresent();
        }
    },
    /** The secret itself. It does not depend on the body. */
    TOKEN {
        @Override
        boolean proves(String value, Secret secret, Delivery delivery) {
            return secret.isText(value);
        }
    },
    /**
     * The specification "Standard Webhooks": {@code v1,} and the HMAC-SHA256 of id, time and body in base64; several of them
     * are separated by spaces.
     */
    STANDARD {
        @Override
        boolean proves(String value, Secret secret, Delivery delivery) {
            byte[] signedHead = (delivery.value(ID).orElse("") + "."
                            + delivery.value(TIMESTAMP).orElse("") + ".")
                    .getBytes(StandardCharsets.UTF_8);
            return Arrays.stream(value.split(" ", MOST_SIGNATURES))
                    .filter(one -> one.startsWith(VERSION))
                    .flatMap(one -> Secret.Base64Text.decoded(one.substring(VERSION.length())).stream())
                    .anyMatch(mac -> secret.signedByToken(mac, signedHead, delivery.body()));
        }
    };

    /** The headers of the specification that are signed together with the body. */
    static final String ID = "webhook-id";

    static final String TIMESTAMP = "webhook-timestamp";

    private static final String ALGORITHM = "sha256=";
    private static final String VERSION = "v1,";
    private static final int HEX_LENGTH = 64;
    private static final int MOST_SIGNATURES = 8;

    /** Whether the value of the header can only come from a sender that knows the secret. */
    abstract boolean proves(String value, Secret secret, Delivery delivery);

    private static Optional<byte[]> hex(String text) {
        if (text.length() != HEX_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
