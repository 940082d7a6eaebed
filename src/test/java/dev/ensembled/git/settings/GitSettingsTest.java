package dev.ensembled.git.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitSettingsTest {
    private static final Path FILE = Path.of("/mounted/file");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "https://Git.Example.org:443/team/config.git/, https://git.example.org/team/config",
        "https://host:8443//team//config, https://host:8443/team/config",
        "ssh://git@host:22/team/config.git, ssh://host/team/config",
        "ssh://host:2222/team/config, ssh://host:2222/team/config",
        "file:///srv/a@b/config.git, file:///srv/a@b/config",
    })
    void repositoryIsRecognizedInEveryFormOfItsUrl(String url, String identity) {
        assertThat(RemoteUrl.of(url).identity()).isEqualTo(identity);
    }

    @Test
    void repositoryDirectoryAndBranchAreRecorded() {
        GitSettings settings =
                settings("https://host/team/config.git", "main", "clusters/prod/", GitSettings.Files.none());

        assertThat(settings.origin()).isEqualTo("https://host/team/config//clusters/prod?ref=main");
    }

    @Test
    void sshRequiresAKeyAndKnownHosts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("ssh://git@host/c.git", "main", "", GitSettings.Files.none()))
                .withMessageContaining("private key");
        GitSettings.Files keyOnly = new GitSettings.Files(
                Optional.empty(), Optional.empty(), Optional.of(FILE), Optional.empty(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("ssh://git@host/c.git", "main", "", keyOnly))
                .withMessageContaining("known_hosts")
                .withMessageContaining("ssh-keyscan host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refs/heads/main", "a b", "x..y", "-\u0007"})
    void invalidBranchNameIsRefused(String branch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://host/c.git", branch, "", GitSettings.Files.none()))
                .withMessageContaining("branch");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "., ''", "./, ''", "prod, prod", "prod/, prod", "./a/b/, a/b"})
    void pathIsNormalized(String given, String path) {
        assertThat(settings("https://host/c.git", "main", given, GitSettings.Files.none())
                        .path())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prod", "a//b", "../x", "a/./b", "a/../b"})
    void pathThatLeavesTheRepositoryIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://host/c.git", "main", path, GitSettings.Files.none()))
                .withMessageContaining("relative to the root of the repository");
    }

    @Test
    void intervalBelowASecondIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GitSettings(
                        RemoteUrl.of("https://host/c.git"),
                        "main",
                        "",
                        Duration.ofMillis(999),
                        Duration.ofSeconds(1),
                        GitSettings.Files.none(),
                        directory))
                .withMessageContaining("interval");
    }

    private GitSettings settings(String url, String branch, String path, GitSettings.Files files) {
        return new GitSettings(
                RemoteUrl.of(url), branch, path, Duration.ofMinutes(1), Duration.ofSeconds(30), files, directory);
    }
}
