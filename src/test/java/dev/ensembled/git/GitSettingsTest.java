package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.URIish;
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
    @ValueSource(
            strings = {
                "file:///srv/config.git",
                "https://host/config.git",
                "http://host/c.git",
                "ssh://git@host:2222/c.git"
            })
    void takesTheSupportedSchemes(String url) {
        assertThat(RemoteUrl.of(url)).hasToString(url.replace("git@", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "config", "/srv/config.git", "git://host/c.git", "ext::sh -c id", "https:///c.git"})
    void refusesOtherUrlsAndSaysWhatToWrite(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> RemoteUrl.of(url)).withMessageContaining("URL");
    }

    @ParameterizedTest
    @CsvSource({
        "https://bot:s3cret@Git.Example.org:443/team/config.git/, https://git.example.org/team/config",
        "https://git.example.org/team/config?private_token=s3cret, https://git.example.org/team/config",
        "https://host:8443//team//config, https://host:8443/team/config",
        "ssh://git@host:22/team/config.git, ssh://host/team/config",
        "ssh://host:2222/team/config, ssh://host:2222/team/config",
        "file:///srv/a@b/config.git, file:///srv/a@b/config",
    })
    void knowsARepositoryWhateverItsCredentialsAndHowItsAddressIsWritten(String url, String identity) {
        assertThat(RemoteUrl.of(url).identity()).isEqualTo(identity).doesNotContain("s3cret");
    }

    @Test
    void putsRepositoryDirectoryAndBranchOnRecord() {
        GitSettings settings =
                settings("https://bot:s3cret@host/team/config.git", "main", "clusters/prod/", GitSettings.Files.none());

        assertThat(settings.origin()).isEqualTo("https://host/team/config//clusters/prod?ref=main");
    }

    @Test
    void explainsHowToWriteTheShortFormOfSsh() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteUrl.of("git@github.com:team/config.git"))
                .withMessageContaining("ssh://git@github.com/team/config.git");
    }

    @Test
    void neverShowsUserAndPasswordOfAUrl() {
        assertThat(RemoteUrl.of("https://bot:s3cret@host/c.git"))
                .hasToString("https://host/c.git")
                .extracting(url -> url.forTransport().toPrivateString())
                .isEqualTo("https://host/c.git");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteUrl.of("ftp://bot:s3cret@host/c.git"))
                .withMessageNotContaining("s3cret");
        assertThat(RemoteUrl.redact("cannot open https://bot:s3cret@host/c.git: no"))
                .isEqualTo("cannot open https://host/c.git: no");
    }

    @Test
    void refusesCredentialsOverPlainHttp() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("http://host/c.git", "main", "", password()))
                .withMessageContaining("plain http");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("http://bot:s3cret@host/c.git", "main", "", GitSettings.Files.none()))
                .withMessageContaining("plain http")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void demandsAKeyAndKnownHostsForSsh() {
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
    void refusesWhatCannotBeABranch(String branch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://host/c.git", branch, "", GitSettings.Files.none()))
                .withMessageContaining("branch");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "., ''", "./, ''", "prod, prod", "prod/, prod", "./a/b/, a/b"})
    void normalizesThePath(String given, String path) {
        assertThat(settings("https://host/c.git", "main", given, GitSettings.Files.none())
                        .path())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prod", "a//b", "../x", "a/./b", "a/../b"})
    void refusesAPathThatLeadsElsewhere(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("https://host/c.git", "main", path, GitSettings.Files.none()))
                .withMessageContaining("relative to the repository's root");
    }

    @Test
    void refusesAnIntervalBelowASecond() {
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

    @Test
    void givesCredentialsToTheConfiguredServerOnly() throws Exception {
        GitSettings settings = settings("https://bot:s3cret@host/c.git", "main", "", GitSettings.Files.none());
        CredentialItem.Username user = new CredentialItem.Username();
        CredentialItem.Password password = new CredentialItem.Password();

        assertThat(Credentials.read(settings).get(new URIish("https://evil/c.git"), user, password))
                .isFalse();
        assertThat(password.getValue()).isNull();
        assertThat(Credentials.read(settings).get(new URIish("https://host/moved.git"), user, password))
                .isTrue();
        assertThat(user.getValue()).isEqualTo("bot");
        assertThat(password.getValue()).containsExactly("s3cret".toCharArray());
    }

    @Test
    void aSecretThatAServerSendsBackIsNotRepeated() throws Exception {
        GitSettings settings = settings("https://bot:s3cret@host/c.git", "main", "", GitSettings.Files.none());

        SourceFailedException failure = new Diagnosis(settings, Credentials.read(settings), 0)
                .of(new java.io.IOException("remote: token s3cret of https://x:y@host\u001b[31m is bad"));

        assertThat(failure.getMessage())
                .doesNotContain("s3cret")
                .doesNotContain("x:y")
                .doesNotContain("\u001b")
                .contains("token *** of https://host");
    }

    private static GitSettings.Files password() {
        return new GitSettings.Files(
                Optional.empty(), Optional.of(FILE), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private GitSettings settings(String url, String branch, String path, GitSettings.Files files) {
        return new GitSettings(
                RemoteUrl.of(url), branch, path, Duration.ofMinutes(1), Duration.ofSeconds(30), files, directory);
    }
}
