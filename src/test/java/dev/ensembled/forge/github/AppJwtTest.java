package dev.ensembled.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.git.settings.Redaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class AppJwtTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void publicKeyVerifiesTheSignature() throws GeneralSecurityException {
        TestApp app = TestApp.shared();
        String[] parts = AppJwt.of("4711", app.keys().getPrivate(), NOW).split("\\.", -1);

        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(app.keys().getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));

        assertThat(parts).hasSize(3);
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    @Test
    void claimsNameTheAppForLessThanTenMinutes() throws GeneralSecurityException, IOException {
        String[] parts =
                AppJwt.of("Iv1.0123", TestApp.shared().keys().getPrivate(), NOW).split("\\.", -1);
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readTree(Base64.getUrlDecoder().decode(parts[0])).toString())
                .isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        assertThat(json.readTree(Base64.getUrlDecoder().decode(parts[1])).toString())
                .isEqualTo("{\"iat\":" + NOW.minusSeconds(60).getEpochSecond() + ",\"exp\":"
                        + NOW.plusSeconds(480).getEpochSecond() + ",\"iss\":\"Iv1.0123\"}");
    }

    @Test
    void tokenIsRedactedFromAllText() throws GeneralSecurityException {
        String token = AppJwt.of("4711", TestApp.shared().keys().getPrivate(), NOW);

        assertThat(Redaction.text("refused: " + token)).isEqualTo("refused: ***");
    }
}
