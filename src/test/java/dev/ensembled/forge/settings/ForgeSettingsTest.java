package dev.ensembled.forge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.git.settings.RemoteUrl;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgeSettingsTest {
    private static final Path CREDENTIALS = Path.of("/etc/ensembled/forge");

    private static ForgeSettings of(ForgeSettings.Type type, String url, String api, String repository) {
        return ForgeSettings.of(
                type,
                RemoteUrl.of(url),
                Optional.ofNullable(api),
                Optional.ofNullable(repository),
                CREDENTIALS,
                false,
                "ensembled");
    }

    @ParameterizedTest
    @CsvSource({
        "GITHUB, https://github.com/team/config.git,           https://api.github.com,                team/config",
        "GITHUB, ssh://git@github.com/team/config.git,         https://api.github.com,                team/config",
        "GITHUB, https://ghe.example.com/team/config,          https://ghe.example.com/api/v3,        team/config",
        "GITLAB, https://gitlab.com/a/b/config.git,            https://gitlab.com/api/v4,             a/b/config",
        "GITEA,  https://git.example.com:3000/team/config.git, https://git.example.com:3000/api/v1,   team/config",
        "GITEA,  ssh://git@git.example.com:2222/team/config,   https://git.example.com/api/v1,        team/config",
    })
    void addressesFollowFromTheUrlOfTheRepository(ForgeSettings.Type type, String url, String api, String repository) {
        ForgeSettings settings = of(type, url, null, null);

        assertThat(settings.api()).hasToString(api);
        assertThat(settings.repository()).isEqualTo(repository);
    }

    @ParameterizedTest
    @CsvSource({
        "http://git.example.com/api/v1,           use https",
        "http://localhost/api/v1,                 use https",
        "http://127.0.0.1.example.com/api,        use https",
        "https://user:secret@git.example.com/api, user name",
        "https://git.example.com/api?token=x,     query",
        "git.example.com,                         has no host",
    })
    void unsafeAddressIsRefusedWithoutRepeatingASecret(String api, String message) {
        assertThatThrownBy(() -> of(ForgeSettings.Type.GITEA, "https://git.example.com/a/b", api, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("ENSEMBLED_GIT_FORGE_API")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void apiOfARepositoryWithoutTlsIsOnThisMachineOnly() {
        assertThat(of(ForgeSettings.Type.GITEA, "http://127.0.0.1:3000/a/b.git", null, null)
                        .api())
                .hasToString("http://127.0.0.1:3000/api/v1");
        assertThatThrownBy(() -> of(ForgeSettings.Type.GITEA, "http://git.example.com/a/b.git", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use https");
    }

    @Test
    void plainHttpStaysOnThisMachine() {
        assertThat(of(ForgeSettings.Type.GITEA, "https://git.example.com/a/b", "http://127.0.0.1:3000/api/v1", null)
                        .api())
                .hasToString("http://127.0.0.1:3000/api/v1");
    }

    @ParameterizedTest
    @CsvSource({"a", "a/../b", "a b/c", "/a/b", "a/b?x"})
    void repositoryMustBeAPath(String repository) {
        assertThatThrownBy(() -> of(ForgeSettings.Type.GITEA, "https://git.example.com/a/b", null, repository))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ENSEMBLED_GIT_FORGE_REPOSITORY");
    }

    @Test
    void directoryHasNoForge() {
        assertThatThrownBy(() -> of(ForgeSettings.Type.GITEA, "file:///srv/config.git", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ENSEMBLED_GIT_FORGE_TYPE");
    }
}
