package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensembled.git.settings.Redaction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * The JSON Web Token (RFC 7519) by which an App proves that it has its private key. It has one algorithm and three claims,
 * and is never read here, which does not justify a library.
 */
final class AppJwt {
    /** GitHub's clock may be behind. */
    private static final Duration BACK = Duration.ofSeconds(60);

    /** GitHub accepts at most ten minutes, by its own clock. */
    private static final Duration VALID = Duration.ofMinutes(8);

    private AppJwt() {}

    /**
     * Returns a token for requests that are sent soon.
     *
     * @param issuer the id or client id of the App
     */
    static String of(String issuer, PrivateKey key, Instant now) throws GeneralSecurityException {
        String header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .toString();
        String claims = JsonNodeFactory.instance
                .objectNode()
                .put("iat", now.minus(BACK).getEpochSecond())
                .put("exp", now.plus(VALID).getEpochSecond())
                .put("iss", issuer)
                .toString();
        String signed = base64(header) + "." + base64(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        String token = signed + "." + base64(signature.sign());
        Redaction.learn("jwt", token);
        return token;
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
