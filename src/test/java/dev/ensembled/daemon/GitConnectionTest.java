package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ensembled.git.settings.GitSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From environment variables to the settings of the Git source. */
class GitConnectionTest {
    private static final String COMMIT = "1234567890123456789012345678901234567890";

    @ParameterizedTest
    @CsvSource({
        "ENSEMBLED_GIT_BRANCH, prod,    branch \"prod\"",
        "ENSEMBLED_GIT_TAG,    v1.2.0,  tag \"v1.2.0\"",
        "ENSEMBLED_GIT_SEMVER, ~1.4,    semver \"~1.4\"",
        "ENSEMBLED_GIT_COMMIT, " + COMMIT + ", commit \"" + COMMIT + "\"",
        "ENSEMBLED_GIT_BRANCH, '',      branch \"main\"",
    })
    void referenceIsTheOneThatIsSet(String variable, String value, String reference) {
        GitSettings settings = settings(Map.of(variable, value));

        assertThat(settings.reference().text()).isEqualTo(reference);
        assertThat(settings.allowRewrite()).isFalse();
    }

    @Test
    void branchIsMainIfNothingIsSet() {
        assertThat(settings(Map.of()).origin()).isEqualTo("https://git.example.org/team/config?ref=main");
    }

    @Test
    void severalReferencesAreRefusedWithTheirNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Map.of("ENSEMBLED_GIT_BRANCH", "main", "ENSEMBLED_GIT_TAG", "v1.2.0")))
                .withMessageContaining("ENSEMBLED_GIT_BRANCH and ENSEMBLED_GIT_TAG are set")
                .withMessageContaining("leave only one of them set");
    }

    @Test
    void emptyVariablesAreNotSet() {
        assertThat(settings(Map.of(
                                "ENSEMBLED_GIT_BRANCH", "", "ENSEMBLED_GIT_TAG", "v1.2.0", "ENSEMBLED_GIT_COMMIT", " "))
                        .reference()
                        .text())
                .isEqualTo("tag \"v1.2.0\"");
    }

    @Test
    void abbreviatedCommitIsAnErrorOfTheConfiguration() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Map.of("ENSEMBLED_GIT_COMMIT", "1234567")))
                .withMessageContaining("write all 40");
    }

    @Test
    void rewriteIsAllowedByItsSetting() {
        assertThat(settings(Map.of("ENSEMBLED_GIT_ALLOW_REWRITE", "true")).allowRewrite())
                .isTrue();
    }

    private static GitSettings settings(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("ENSEMBLED_GIT_URI", "https://git.example.org/team/config.git");
        Settings settings = TestSettings.of(all);
        return GitConnection.of(settings.git()).orElseThrow().git();
    }
}
