package dev.ensembled.git.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final String SECRET = "glpat-Redaction/Test+1";

    @BeforeAll
    static void learn() {
        Redaction.learn("redaction-bot", SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain glpat-Redaction/Test+1 text                        | plain *** text",
                "token=glpat-Redaction%2FTest%2B1                         | token=***",
                "Basic cmVkYWN0aW9uLWJvdDpnbHBhdC1SZWRhY3Rpb24vVGVzdCsx   | Basic ***",
                "open https://me:pw@host/c.git: no                        | open https://host/c.git: no",
                "open https://me:a/b?c#d@host/c.git: no                   | open https://host/c.git: no",
                "(https://host/c.git?private_token=x)                     | (https://host/c.git)",
                "'https://host/c.git#x' -> https://other/?t=x             | 'https://host/c.git' -> https://other/",
                "a https://one@h/x, ssh://two:pw@h/y                      | a https://h/x, ssh://h/y",
                "me:pw@host:team/c.git is bad                             | host:team/c.git is bad",
                "form access_token=abc&x=1 password: y                    | form access_token=***&x=1 password: y",
                "file:///srv/c@1.git is there                             | file:///srv/c@1.git is there",
                "git@host and 12:30 and a:b stay                          | git@host and 12:30 and a:b stay",
                "https://host/team/c.git stays                            | https://host/team/c.git stays",
            })
    void redactionOmitsSecretsAndUrlPartsBeyondTheAddress(String text, String shown) {
        assertThat(Redaction.text(text)).isEqualTo(shown);
    }

    @Test
    void longTextIsRedactedQuickly() {
        String hostile = "https://".repeat(200_000) + "a:".repeat(200_000) + "token=".repeat(100_000);
        long started = System.nanoTime();

        Redaction.text(hostile);

        assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
    }

    @Test
    void aSecretIsCutOutBeforeATextIsShortened() {
        String text = "x".repeat(290) + SECRET;

        assertThat(DisplayText.oneLine(text)).endsWith("x***");
    }
}
