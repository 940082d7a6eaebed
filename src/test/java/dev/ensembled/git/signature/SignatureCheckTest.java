package dev.ensembled.git.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.signature.Verdict.Refused;
import dev.ensembled.git.signature.Verdict.Verified;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts about what real gpg and ssh-keygen signed. "Git" is the exit code of git verify-commit and verify-tag, 2.39. */
class SignatureCheckTest {
    private static final String VERDICTS =
            """
            openpgp-good              | Alice <alice@example.org> | EA46A693D097CEC6CA1CE4B96132A608B21567E7 | accepts
            openpgp-rsa               | Rsa <rsa@example.org>     | 9B634C708C48EAF5B4BE715BC1D7E0B4ACAD0720 | accepts
            openpgp-subkey            | Bob <bob@example.org>     | 7DA6754A3CB026DB97CA6309CF8E29713887C4CE | accepts
            openpgp-notation          | Alice <alice@example.org> | EA46A693D097CEC6CA1CE4B96132A608B21567E7 | accepts
            openpgp-other-header      | Alice <alice@example.org> | EA46A693D097CEC6CA1CE4B96132A608B21567E7 | accepts
            openpgp-unknown           | UNKNOWN_KEY       | 8EABDE9553EC5F1AFA0E3E821C8B9F2C8C56E9C2          | refuses
            openpgp-expired           | EXPIRED_KEY       | 5074D6CA672628485EA45328DAFFCBB2851007E8          | refuses
            openpgp-expired-subkey    | EXPIRED_KEY       | 8B70E7D3D267F88DFE12CFE1E9760A865C23322E          | refuses
            openpgp-revoked           | REVOKED_KEY       | 0F6684933C1423D9140490542154139D7EB4DDA9          | refuses
            openpgp-revoked-subkey    | REVOKED_KEY       | BF5B1EB1137F93A7D9D22DB6A256DCEB13555CE6          | refuses
            openpgp-altered           | BAD_SIGNATURE     | EA46A693D097CEC6CA1CE4B96132A608B21567E7          | refuses
            openpgp-expired-signature | EXPIRED_SIGNATURE | EA46A693D097CEC6CA1CE4B96132A608B21567E7          | refuses
            openpgp-critical-notation | UNSUPPORTED       | demand@example.org                                | refuses
            openpgp-two-signers       | MALFORMED         | more than one signature                           | refuses
            openpgp-twice             | MALFORMED         | 2 headers gpgsig                                  | refuses
            openpgp-in-message        | UNSIGNED          | no header gpgsig                                  | refuses
            openpgp-sha1              | WEAK_ALGORITHM    | SHA-1                                             | accepts
            openpgp-weak-certification | NO_SIGNING_KEY   | 0C6130CAAE919418951EC8F92AA8AE8E98B65E6D          | accepts
            openpgp-text-mode         | UNSUPPORTED       | type 0x1                                          | accepts
            openpgp-garbage           | MALFORMED         | does not end with                                 | accepts
            unsigned                  | UNSIGNED          | no header gpgsig                                  | refuses
            x509                      | UNSUPPORTED       | X.509                                             | refuses
            ssh-good                  | grace@example.org | SHA256:iL4ag1Nhh9Vzl9IPK0msf48pQScyg/ExRJR0axv3idk | accepts
            ssh-sha256                | grace@example.org | SHA256:iL4ag1Nhh9Vzl9IPK0msf48pQScyg/ExRJR0axv3idk | accepts
            ssh-ecdsa                 | heidi@example.org,ivan@example.org | SHA256:wa25xiFHY7ABw8hhZbvFLsx873NCQGjdPqVbSIaxvCw | accepts
            ssh-rsa                   | judy@example.org  | SHA256:l2cDIMknctSKrw8SvOxrHupclID1jzG5bZSdsSiA9HA | accepts
            ssh-certified             | frank@example.org | SHA256:Rr1L3JMGTWGLdsV2Jivfi8QESNFpAJ71cb1i/4RCTmg | accepts
            ssh-unknown               | UNKNOWN_KEY       | SHA256:Vthx8SPjp2YlIyy0n4RA6WqhKt9yZ/kIHIdG9/F1nIs | refuses
            ssh-certstranger          | UNKNOWN_KEY       | SHA256:Vthx8SPjp2YlIyy0n4RA6WqhKt9yZ/kIHIdG9/F1nIs | refuses
            ssh-revoked               | REVOKED_KEY       | SHA256:qkUXJDorz+KwPtNjXyrPcbJMkriquZxNUpTkEyw11/M | refuses
            ssh-certrevoked           | REVOKED_KEY       | SHA256:Yb3DKZ/i9LJKu66+3QRrQfqmH3zTIQZHyfXaVOeG1Ms | refuses
            ssh-altered               | BAD_SIGNATURE     | SHA256:iL4ag1Nhh9Vzl9IPK0msf48pQScyg/ExRJR0axv3idk | refuses
            ssh-not-yet-valid         | NOT_YET_VALID     | 2026-03-01T00:00:00Z                              | refuses
            ssh-file-only             | WRONG_NAMESPACE   | may sign only for "file"                          | refuses
            ssh-namespace             | WRONG_NAMESPACE   | namespace "file"                                  | refuses
            ssh-certother             | WRONG_PRINCIPAL   | frank@elsewhere.org                               | refuses
            ssh-certnone              | WRONG_PRINCIPAL   | no principals                                     | refuses
            ssh-expired               | EXPIRED_KEY       | valid before 2026-03-01T00:00:00Z                 | accepts
            ssh-certexpired           | EXPIRED_KEY       | certificate expired 2026-03-01T00:00:00Z          | accepts
            ssh-weak-rsa              | WEAK_ALGORITHM    | 1024 bits                                         | accepts
            ssh-garbage               | MALFORMED         | does not end with                                 | accepts
            tag-openpgp               | Alice <alice@example.org> | EA46A693D097CEC6CA1CE4B96132A608B21567E7 | accepts
            tag-ssh                   | grace@example.org | SHA256:iL4ag1Nhh9Vzl9IPK0msf48pQScyg/ExRJR0axv3idk | accepts
            tag-altered               | BAD_SIGNATURE     | EA46A693D097CEC6CA1CE4B96132A608B21567E7          | refuses
            tag-unknown               | UNKNOWN_KEY       | 8EABDE9553EC5F1AFA0E3E821C8B9F2C8C56E9C2          | refuses
            tag-revoked               | REVOKED_KEY       | SHA256:qkUXJDorz+KwPtNjXyrPcbJMkriquZxNUpTkEyw11/M | refuses
            tag-unsigned              | UNSIGNED          | does not end with a signature                     | refuses
            """;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = VERDICTS, delimiter = '|', quoteCharacter = '\0')
    void eachObjectGetsItsVerdictByName(String object, String verdict, String detail, String git) {
        Verdict found = check(object, Fixtures.object(object), Fixtures.keys(), Fixtures.NOW);

        if (found instanceof Verified verified) {
            assertThat(verified).isEqualTo(new Verified(verdict, detail));
            assertThat(git).as("what Git says to an object that we accept").isEqualTo("accepts");
        } else {
            assertThat(((Refused) found).reason().name()).as(found.toString()).isEqualTo(verdict);
            assertThat(((Refused) found).detail()).contains(detail);
        }
    }

    @Test
    void eachFixtureIsInTheTable() throws IOException {
        try (Stream<Path> objects = Files.list(Path.of("test/resources/signatures/objects"))) {
            assertThat(objects.map(each -> each.getFileName().toString()))
                    .allSatisfy(name -> assertThat(VERDICTS).contains(name + " "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoked", "subkey of carol"})
    void aKeyThatIsRevokedLaterIsRefusedAsSoonAsTheRevocationIsMounted(String which) {
        String name = which.equals("revoked") ? "revoked" : "carol";
        byte[] commit = Fixtures.object(which.equals("revoked") ? "openpgp-revoked" : "openpgp-revoked-subkey");
        KeyFile before = Fixtures.beforeRevocation(name);
        KeyFile after = Fixtures.key(name + ".asc");

        assertThat(SignatureCheck.ofCommit(commit, Fixtures.keys(before), Fixtures.NOW))
                .isInstanceOf(Verified.class);
        assertRefused(commit, Fixtures.keys(after), Fixtures.NOW, Reason.REVOKED_KEY);
        // Both are mounted, in any order: the revocation counts.
        assertRefused(commit, Fixtures.keys(before, after), Fixtures.NOW, Reason.REVOKED_KEY);
        assertRefused(commit, Fixtures.keys(after, before), Fixtures.NOW, Reason.REVOKED_KEY);
        assertRefused(commit, Fixtures.keys(Fixtures.key("alice.asc")), Fixtures.NOW, Reason.UNKNOWN_KEY);
    }

    @Test
    void theTimeOfTheCheckDecidesAboutExpiry() {
        Instant before = Instant.parse("2026-02-15T00:00:00Z");
        for (String object :
                new String[] {"openpgp-expired", "openpgp-expired-subkey", "ssh-expired", "ssh-certexpired"}) {
            byte[] commit = Fixtures.object(object);
            assertThat(SignatureCheck.ofCommit(commit, Fixtures.keys(), before))
                    .as(object)
                    .isInstanceOf(Verified.class);
            assertRefused(commit, Fixtures.keys(), Fixtures.NOW, Reason.EXPIRED_KEY);
        }
        assertRefused(
                Fixtures.object("openpgp-good"),
                Fixtures.keys(),
                Instant.parse("2025-12-31T00:00:00Z"),
                Reason.NOT_YET_VALID);
    }

    /** Whoever changes a commit changes its id, but the signature must not follow. */
    @ParameterizedTest
    @ValueSource(strings = {"openpgp-good", "ssh-good", "ssh-certified", "tag-openpgp", "tag-ssh"})
    void noChangeOfTheSignedContentIsVerifiedAndNoInputThrows(String name) {
        byte[] object = Fixtures.object(name);
        String text = new String(object, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(name.startsWith("tag") ? "-----BEGIN" : "gpgsig");
        int end = name.startsWith("tag") ? object.length : text.indexOf("\n\n", text.indexOf("-----END"));
        TrustedKeys keys = Fixtures.keys();
        for (int at = 0; at < object.length; at++) {
            byte[] changed = object.clone();
            changed[at] ^= 1;
            Verdict found = check(name, changed, keys, Fixtures.NOW);
            if (at < begin || at >= end) {
                assertThat(found).as("byte " + at).isInstanceOf(Refused.class);
            }
            boolean onlyNewlineLost = at == object.length - 1 && name.startsWith("tag");
            if (!onlyNewlineLost) {
                assertThat(check(name, Arrays.copyOf(object, at), keys, Fixtures.NOW))
                        .as("first " + at + " bytes")
                        .isInstanceOf(Refused.class);
            }
        }
    }

    @Test
    void randomBytesAreRefused() {
        Random random = new Random(1);
        byte[] good = Fixtures.object("openpgp-good");
        TrustedKeys keys = Fixtures.keys();
        for (int round = 0; round < 500; round++) {
            byte[] noise = good.clone();
            for (int i = 0; i < 20; i++) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            assertThat(SignatureCheck.ofCommit(noise, keys, Fixtures.NOW)).isInstanceOf(Refused.class);
            assertThat(SignatureCheck.ofTag(noise, keys, Fixtures.NOW)).isInstanceOf(Refused.class);
        }
    }

    private static Verdict check(String name, byte[] object, TrustedKeys keys, Instant now) {
        return name.startsWith("tag")
                ? SignatureCheck.ofTag(object, keys, now)
                : SignatureCheck.ofCommit(object, keys, now);
    }

    private static void assertRefused(byte[] commit, TrustedKeys keys, Instant now, Reason reason) {
        assertThat(SignatureCheck.ofCommit(commit, keys, now))
                .isInstanceOfSatisfying(
                        Refused.class, found -> assertThat(found.reason()).isEqualTo(reason));
    }
}
