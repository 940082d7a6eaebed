package dev.ensembled.git.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteUrlTest {
    private static final String SEED = "s33d";

    @ParameterizedTest
    @CsvSource({
        "file:///srv/config.git,            file:///srv/config.git",
        "file:/srv/config.git,              file:///srv/config.git",
        "file:///srv/with a space/c@1.git,  file:///srv/with a space/c@1.git",
        "https://host/config.git,           https://host/config.git",
        "HTTPS://host.example:8443/c.git,   https://host.example:8443/c.git",
        "https://[::1]:8443/c.git,          https://[::1]:8443/c.git",
        "http://host/a%40b/c.git,           http://host/a%40b/c.git",
        "ssh://git@host:2222/c.git,         ssh://host:2222/c.git",
        "ssh://host/~team/c.git,            ssh://host/~team/c.git",
    })
    void supportedUrlFormsAreAcceptedAndShownWithoutTheUser(String url, String shown) {
        assertThat(RemoteUrl.of(url)).hasToString(shown);
    }

    @Test
    void theUserOfSshIsUsedAndGitIsTheDefault() {
        assertThat(RemoteUrl.of("ssh://bot@host/c.git").forTransport().getUser())
                .isEqualTo("bot");
        assertThat(RemoteUrl.of("ssh://host/c.git").forTransport().getUser()).isEqualTo("git");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:s33d@host/c.git",
                "https://me:a/s33d@host/c.git",
                "https://me:123/s33d@host/c.git",
                "https://me:s33d?x@host/c.git",
                "https://me:s33d#x@host/c.git",
                "https://me:s33d\\x@host/c.git",
                "https://me:s33d x@host/c.git",
                "https://me:a@s33d@host/c.git",
                "https://me:%733d%40s33d@host/c.git",
                "https://me:s33d%40host/c.git",
                "https://s33d@host/c.git",
                "https://:s33d@host/c.git",
                "https://s33d:@host/c.git",
                "https://s33d:x-oauth-basic@host/c.git",
                "http://me:s33d@host/c.git",
                "http://host/s33d@other/c.git",
                "http://host:s33d/c.git",
                "HTTPS://me:s33d@host/c.git",
                "https:me:s33d@host/c.git",
                "https:/me:s33d@host/c.git",
                "https:///me:s33d@host/c.git",
                "https:\\\\me:s33d@host\\c.git",
                "//me:s33d@host/c.git",
                "me:s33d@host/c.git",
                "me:s33d@host:team/c.git",
                "s33d@host:team/c.git",
                "host:s33d@other/c.git",
                "git@host:c.git?token=s33d",
                "https://host/c.git?private_token=s33d",
                "https://host/c.git;x?private_token=s33d",
                "https://host?s33d",
                "https://host/c.git#s33d",
                "https://host#s33d",
                "ssh://me:s33d@host/c.git",
                "ssh://me%3As33d@host/c.git",
                "ssh://git@host/c.git?s33d",
                "ssh://git@host/c.git#s33d",
                "ssh://git@me:s33d@host/c.git",
                "ssh://host/s33d@other/c.git",
                "ssh:me:s33d@host/c.git",
                "file://me:s33d@host/c.git",
                "file:///srv/c.git?token=s33d",
                "file:///srv/c.git#s33d",
                "file://s33d",
                "ftp://me:s33d@host/c.git",
                "git://me:s33d@host/c.git",
                "git+ssh://me:s33d@host/c.git",
                "ext::sh -c s33d",
                "\"https://me:s33d@host/c.git\"",
                "'https://me:s33d@host/c.git'",
                "https://me:s33d\n@host/c.git",
                "https://host/c.git\thttps://me:s33d@host",
                "https://host/%zs33d",
                "https://host:99999/s33d",
                "s33d",
            })
    void urlThatMayCarryASecretIsRefusedWithoutBeingRepeated(String url) {
        IllegalArgumentException refusal =
                catchThrowableOfType(IllegalArgumentException.class, () -> RemoteUrl.of(url));

        assertThat(refusal)
                .as("refusal")
                .isNotNull()
                .hasMessageContaining("the Git URL (ENSEMBLED_GIT_URI, or uri of a source)");
        assertThat(refusal.getMessage()).doesNotContain(SEED);
        assertThat(refusal.getCause()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "config", "/srv/config.git", "git://host/c.git", "https:///c.git", "https://h_:/c"})
    void invalidUrlIsRefusedWithAnExample(String url) {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> RemoteUrl.of(url)))
                .hasMessageContaining("for example \"https://host/team/repository.git\"");
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:pw@host/c.git,               the file \"password\"",
        "https://token@host/c.git,               the Secret ensembled-git",
        "https://me:a/b@host/c.git,              has an @ after the host",
        "https://me:pw,                          has no host",
        "https://host/a@b/c.git,                 write %40",
        "https://host/c.git?private_token=x,     the file \"password\"",
        "ssh://me:pw@host/c.git,                 the file \"ssh-privatekey\"",
        "file://host/c.git,                      three slashes",
    })
    void refusalNamesTheSettingToUse(String url, String words) {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> RemoteUrl.of(url)))
                .hasMessageContaining(words);
    }

    @Test
    void shortFormOfSshIsRefusedWithTheUrlForm() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> RemoteUrl.of("git@github.com:team/config.git")))
                .hasMessageContaining("ssh://git@github.com/team/config.git");
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/c.git,      https://host/moved.git,     true",
        "https://host/c.git,      https://HOST:443/moved.git, true",
        "https://host:443/c.git,  https://host/x,             true",
        "http://host/c.git,       http://host:80/x,           true",
        "https://host/c.git,      http://host/c.git,          false",
        "http://host/c.git,       https://host/c.git,         false",
        "https://host/c.git,      https://host:8443/c.git,    false",
        "https://host:8443/c.git, https://host/c.git,         false",
        "https://host/c.git,      https://evil/c.git,         false",
        "https://host/c.git,      https://host.evil/c.git,    false",
        "https://host/c.git,      unknown:///,                false",
    })
    void aServerIsTheSameBySchemeHostAndPort(String configured, String other, boolean same) {
        assertThat(RemoteUrl.of(configured).sameOrigin(URI.create(other))).isEqualTo(same);
    }
}
