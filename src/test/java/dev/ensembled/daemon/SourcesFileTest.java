package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.SignaturePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the mounted file and the environment to the settings of the sources. */
class SourcesFileTest {
    private static final String URI = "https://git.example.org/team/config.git";

    private static final java.net.URI URI_OF_THE_API = java.net.URI.create("https://git.example.org/api/v1");

    @TempDir
    Path directory;

    @Test
    void entryHasAllSettings() throws Exception {
        List<SourceSettings> sources = read(
                """
                - name: team-a
                  uri: https://git.example.org/team-a/config.git
                  tag: v1.2.0
                  path: clusters/prod
                  interval: 5m
                  timeout: 1m30s
                  credentials: /etc/team-a
                  verify: commit
                  signers: /etc/team-a-signers
                  allowRewrite: true
                  namespaces: [team-a, team-a-test]
                  forge: {type: gitea, forks: true, context: team-a}
                - {name: team-b, uri: "https://git.example.org/team-b/config.git"}
                """);

        SourceSettings first = sources.get(0);
        assertThat(first.name()).isEqualTo("team-a");
        assertThat(first.git().origin()).isEqualTo("https://git.example.org/team-a/config//clusters/prod?tag=v1.2.0");
        assertThat(first.git().interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(first.git().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(first.git().allowRewrite()).isTrue();
        assertThat(first.git().signatures())
                .isEqualTo(new SignaturePolicy(SignaturePolicy.Required.COMMIT, Path.of("/etc/team-a-signers")));
        assertThat(first.git().files().password()).contains(Path.of("/etc/team-a/password"));
        assertThat(first.forge().orElseThrow())
                .isEqualTo(new ForgeSettings(
                        ForgeSettings.Type.GITEA,
                        URI_OF_THE_API,
                        "team-a/config",
                        Path.of("/etc/team-a"),
                        true,
                        "team-a"));
        assertThat(first.namespaces()).containsExactlyInAnyOrder("team-a", "team-a-test");
    }

    @Test
    void absentFieldsHaveTheirDefaults() throws Exception {
        SourceSettings source = read("[{name: team-b, uri: \"" + URI + "\"}]").get(0);

        assertThat(source.git().reference().text()).isEqualTo("branch \"main\"");
        assertThat(source.git().interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(source.git().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(source.git().signatures()).isEqualTo(SignaturePolicy.none());
        assertThat(source.credentials()).isEqualTo(Path.of("/etc/ensembled/sources/team-b"));
        assertThat(source.namespaces()).isEmpty();
    }

    @Test
    void eachSourceHasItsOwnClone() throws Exception {
        List<SourceSettings> sources = list(
                "[{name: a, uri: \"" + URI + "\", path: a}, {name: b, uri: \"" + URI + "\", path: b}]",
                Map.of("ENSEMBLED_GIT_URI", URI, "ENSEMBLED_GIT_CACHE", "/cache"));

        assertThat(sources).extracting(SourceSettings::name).containsExactly("default", "a", "b");
        assertThat(sources)
                .extracting(source -> source.git().cacheDirectory())
                .containsExactly(Path.of("/cache"), Path.of("/cache/sources/a"), Path.of("/cache/sources/b"));
    }

    @Test
    void withoutAFileOrAUriThereIsNoSource() {
        assertThat(SourceList.of(TestSettings.of(Map.of("ENSEMBLED_SOURCES", ""))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{name: a}]                                  | :1:2: uri of the source a is not set; expected the URL",
                "[{uri: 'https://h/r'}]                       | :1:2: name is not set; expected a name",
                "[{name: A_b, uri: 'https://h/r'}]            | :1:9: name is \"A_b\"; expected at most 63 lower-case letters",
                "[{name: a, uri: 'https://h/r', brnach: x}]   | :1:32: unknown field \"brnach\"; expected one of [allowRewrite,",
                "[{name: a, uri: 'https://h/r', name: b}]     | :1:32: [0].name: is already set",
                "[{name: a, uri: 5}]                          | :1:17: uri is a number; expected a string",
                "[{name: a, uri: 'https://h/r', interval: 1}] | :1:42: interval is a number; expected a string",
                "[{name: a, uri: 'https://h/r', interval: x}] | :1:42: interval is \"x\"; expected a duration such as 30s",
                "[{name: a, uri: 'https://h/r', interval: 1ms}] | source a: the fetch interval is PT0.001S; the minimum is one second",
                "[{name: a, uri: 'https://h/r', allowRewrite: 'yes'}] | allowRewrite is a string; expected true or false",
                "[{name: a, uri: 'https://h/r', verify: all}] | :1:40: verify is \"all\"; expected none, commit or tag",
                "[{name: a, uri: 'https://h/r', namespaces: []}] | namespaces is no list with values",
                "[{name: a, uri: 'https://h/r', namespaces: x}] | namespaces is no list with values",
                "[{name: a, uri: 'https://h/r', namespaces: [A]}] | namespaces of the source a has \"A\"; expected names of",
                "[{name: a, uri: 'https://h/r', tag: x, branch: y}] | source a: branch and tag are set, but a source follows one",
                "[{name: a, uri: 'https://u:S3CRET@h/r'}]     | source a: ",
                "[{name: a, uri: 'https://h/r', forge: x}]    | forge is a string; expected a mapping",
                "[{name: a, uri: 'https://h/r', forge: {type: svn}}] | type of the forge is \"svn\"; expected gitea, github",
                "[{name: a, uri: 'https://h/r', forge: {typ: x}}] | unknown field \"typ\"; expected one of [api, context",
                "[{name: a, uri: 'https://h/o/r', path: a, forge: {type: gitea}}, {name: b, uri: 'https://h/o/r', path: b, forge: {type: gitea}}] | the sources a and b report to the same repository of a forge in the same context",
                "[5]                                          | :1:2: a number; expected a mapping with name and uri",
                "name: a                                      | :1:1: no list; expected a list of sources",
                "''                                           | documents; expected one list of sources",
                "[{name: a                                    | not valid YAML",
                "[{name: a, uri: 'https://h/r'}, {name: a, uri: 'https://h/s'}] | several sources with the name a; expected",
                "[{name: a, uri: 'https://h/r'}, {name: b, uri: 'https://h/r.git'}] | the sources a and b have the same repository",
                "[{name: default, uri: 'https://h/r'}]        | the source default is set by ENSEMBLED_GIT_URI and in the file",
                "[{name: a, uri: 'https://git.example.org/team/config'}] | the sources default and a have the same repository",
            })
    void invalidFileIsRefusedWithTheReason(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list(text, Map.of("ENSEMBLED_GIT_URI", URI)))
                .withMessageContaining(message)
                .matches(e -> !e.getMessage().contains("S3CRET"));
    }

    @Test
    void absentFileIsRefusedWithTheReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceList.of(TestSettings.of(
                        Map.of("ENSEMBLED_SOURCES", directory.resolve("absent").toString()))))
                .withMessageContaining("absent:1:1: cannot be read")
                .withMessageContaining("mount it, or unset ENSEMBLED_SOURCES");
    }

    @Test
    void largeFileAndManySourcesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("# " + "x".repeat(300_000)))
                .withMessageContaining("the maximum is");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 51; i++) {
            many.append("- {name: s")
                    .append(i)
                    .append(", uri: \"https://h/")
                    .append(i)
                    .append("\"}\n");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(many.toString()))
                .withMessageContaining("51 sources; expected at most 50");
    }

    private List<SourceSettings> read(String text) throws Exception {
        return list(text, Map.of());
    }

    private List<SourceSettings> list(String text, Map<String, String> variables) throws Exception {
        Path file = Files.writeString(directory.resolve("sources.yaml"), text);
        return SourceList.of(TestSettings.of(variables, file));
    }
}
