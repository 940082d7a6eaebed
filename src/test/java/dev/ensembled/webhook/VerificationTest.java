package dev.ensembled.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which deliveries are trusted: the forms that the providers document, and what an attacker may send instead. */
class VerificationTest {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String BODY = "Hello, World!";
    private static final String MAC = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);

    /** A vector that GitHub's documentation publishes. */
    @Test
    void verifiesGitHubsPublishedExample() {
        assertThat(verified(Map.of("X-Hub-Signature-256", "sha256=" + MAC), BODY, SECRET))
                .contains(Provider.GITHUB);
    }

    /** The vector of the specification that GitLab's signing tokens follow. */
    @Test
    void verifiesThePublishedExampleOfStandardWebhooks() {
        Map<String, String> headers = Map.of(
                "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp", "1614265330",
                "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

        assertThat(verified(headers, "{\"test\": 2432232314}", secret)).contains(Provider.GITLAB_SIGNED);
        assertThat(verified(headers, "{\"test\": 2432232315}", secret)).isEmpty();
        assertThat(verified(with(headers, "webhook-id", "msg_other"), "{\"test\": 2432232314}", secret))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "X-Ensembled-Signature, sha256=%s, GENERIC",
        "x-ensembled-signature, sha256=%s, GENERIC",
        "X-Forgejo-Signature,   %s,        FORGEJO",
        "X-Gitea-Signature,     %s,        GITEA",
        "X-Hub-Signature-256,   sha256=%s, GITHUB",
        "X-Hub-Signature,       sha256=%s, BITBUCKET",
    })
    void verifiesTheDocumentedFormOfEachProvider(String header, String form, Provider provider) {
        String body = "{\"ref\": \"refs/heads/main\", \"umlaut\": \"ü\"}";
        String signature = form.formatted(Hmac.sha256(SECRET, body.getBytes(StandardCharsets.UTF_8)));

        assertThat(verified(Map.of(header, signature), body, SECRET)).contains(provider);
        assertThat(verified(Map.of(header, signature), body + " ", SECRET)).isEmpty();
        assertThat(verified(Map.of(header, signature), body, SECRET + "!")).isEmpty();
    }

    @Test
    void verifiesTheSecretTokenOfGitLab() {
        assertThat(verified(Map.of("X-Gitlab-Token", SECRET), BODY, SECRET)).contains(Provider.GITLAB);
        assertThat(verified(Map.of("X-Gitlab-Token", SECRET.substring(1)), BODY, SECRET))
                .isEmpty();
        assertThat(verified(Map.of("X-Gitlab-Token", ""), BODY, SECRET)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256=",
                MAC,
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18",
                "sha256=" + MAC + "00",
                "sha256= " + MAC,
                "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59",
                "sha512=" + MAC,
                "none=",
            })
    void refusesEverythingElseThanTheSignature(String value) {
        assertThat(verified(Map.of("X-Hub-Signature-256", value), BODY, SECRET)).isEmpty();
        assertThat(verified(Map.of("X-Hub-Signature", value), BODY, SECRET)).isEmpty();
    }

    @Test
    void refusesSha1EvenIfItIsCorrect() {
        String sha1 = "sha1=" + Hmac.hex("SHA-1", SECRET, BODY.getBytes(StandardCharsets.UTF_8));

        assertThat(verified(Map.of("X-Hub-Signature", sha1), BODY, SECRET)).isEmpty();
    }

    @Test
    void deliveryWithoutASignatureIsToldWhichHeadersAreExpected() {
        Verification verification = verify(Map.of("X-GitHub-Event", List.of("push")), BODY, NOW, SECRET);

        assertThat(verification.provider()).isEmpty();
        assertThat(verification.refusal()).contains("X-Hub-Signature-256", "X-Gitlab-Token", "X-Ensembled-Signature");
    }

    @Test
    void refusesTwoSignaturesInTheSameHeader() {
        List<String> both = List.of("sha256=" + MAC, "sha256=" + MAC);

        assertThat(verify(Map.of("X-Hub-Signature-256", both), BODY, NOW, SECRET)
                        .refusal())
                .contains("more than once");
    }

    /** Gitea sends all of these. */
    @Test
    void headersOfGiteaAreVerifiedAsGiteas() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("X-Hub-Signature", "sha1=" + Hmac.hex("SHA-1", SECRET, BODY.getBytes(StandardCharsets.UTF_8)));
        all.put("X-Hub-Signature-256", "sha256=" + MAC);
        all.put("X-Gogs-Signature", MAC);
        all.put("X-Gitea-Signature", MAC);

        assertThat(verified(all, BODY, SECRET)).contains(Provider.GITEA);
        assertThat(verified(with(all, "X-Forgejo-Signature", MAC), BODY, SECRET))
                .contains(Provider.FORGEJO);
    }

    @Test
    void correctSignatureOfAnotherProviderDoesNotOutweighAWrongOne() {
        Map<String, String> headers =
                Map.of("X-Gitea-Signature", MAC.replace('7', '8'), "X-Hub-Signature-256", "sha256=" + MAC);

        assertThat(verified(headers, BODY, SECRET)).isEmpty();
    }

    @Test
    void bothSecretsAreAcceptedDuringARotation() {
        Map<String, String> old = Map.of("X-Hub-Signature-256", "sha256=" + MAC);

        assertThat(verified(old, BODY, "the new secret of the hook\n" + SECRET + "\n"))
                .contains(Provider.GITHUB);
        assertThat(verified(old, BODY, SECRET + "\nthe new secret of the hook")).contains(Provider.GITHUB);
        assertThat(verified(old, BODY, "the new secret of the hook")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "300, true", "-300, true", "301, false", "-301, false"})
    void signedTimeMustBeRecent(long secondsLater, boolean trusted) {
        String secret =
                "whsec_" + Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
        byte[] signed = ("id." + NOW.getEpochSecond() + "." + BODY).getBytes(UTF_8);
        String mac = Base64.getEncoder()
                .encodeToString(Hmac.of("SHA-256", "0123456789abcdef0123456789abcdef".getBytes(UTF_8), signed));
        Map<String, List<String>> headers = Map.of(
                "webhook-id", List.of("id"),
                "webhook-timestamp", List.of(Long.toString(NOW.getEpochSecond())),
                "webhook-signature", List.of("v1a,AAAA v1,AAAA v1,!!! v1," + mac));

        assertThat(verify(headers, BODY, NOW.plusSeconds(secondsLater), secret)
                        .provider()
                        .isPresent())
                .isEqualTo(trusted);
    }

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    @ParameterizedTest
    @ValueSource(strings = {"", "1614265330x", "99999999999999999999", "-9223372036854775808"})
    void malformedTimeIsRefused(String time) {
        String secret = "whsec_" + Base64.getEncoder().encodeToString("0123456789abcdef".getBytes(UTF_8));
        String mac = Base64.getEncoder()
                .encodeToString(Hmac.of(
                        "SHA-256", "0123456789abcdef".getBytes(UTF_8), ("id." + time + "." + BODY).getBytes(UTF_8)));
        Map<String, String> headers =
                Map.of("webhook-id", "id", "webhook-timestamp", time, "webhook-signature", "v1," + mac);

        assertThat(verified(headers, BODY, secret)).isEmpty();
    }

    @Test
    void standardSignatureNeedsASigningTokenOfUsefulLength() {
        Map<String, String> headers =
                new LinkedHashMap<>(Map.of("webhook-id", "id", "webhook-timestamp", "1614265330"));
        byte[] message = ("id.1614265330." + BODY).getBytes(UTF_8);
        headers.put(
                "webhook-signature",
                "v1," + Base64.getEncoder().encodeToString(Hmac.of("SHA-256", "short".getBytes(UTF_8), message)));

        assertThat(verified(headers, BODY, "whsec_c2hvcnQ=xxxxxxxxxx")).isEmpty();
        assertThat(verified(headers, BODY, "whsec_c2hvcnQ=\nwhsec_c2hvcnQ=".replace("=", "AAAAAAA=")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                    it is empty",
        "fifteen letters,                       less than 16 characters",
        "'sixteen letters!\nfifteen letters',   the secret in line 2 has less than 16 characters",
        "'sixteen letters!\nsixteen letters?\nsixteen letters.', it has 3 lines",
    })
    void secretThatIsNoneIsRefusedWithoutBeingShown(String content, String expected) {
        assertThatThrownBy(() -> Secret.parse(content))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected)
                .hasMessageNotContaining("letters");
    }

    @Test
    void secretIsNotShown() {
        assertThat(Secret.parse(SECRET).toString()).isEqualTo("[***]");
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static Optional<Provider> verified(Map<String, String> headers, String body, String secrets) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, new ArrayList<>(List.of(value))));
        return verify(all, body, NOW, secrets).provider();
    }

    private static Verification verify(Map<String, List<String>> headers, String body, Instant now, String secrets) {
        return Verification.of(
                new Delivery(headers, body.getBytes(StandardCharsets.UTF_8)), Secret.parse(secrets), now);
    }
}
