package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ValidateCommandTest {
    private static final String VALID =
            """
            apiVersion: ensembled.dev/v1alpha1
            kind: ZooKeeperEnsemble
            metadata: {name: NAME}
            spec: {version: 3.9.5, voters: 3}
            """;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int validate(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int index = 0; index < arguments.length; index++) {
            texts[index] = arguments[index].toString();
        }
        return new CommandLine(new ValidateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(texts);
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void validDirectoryIsReadAtAnyDepthExceptHiddenFiles() throws IOException {
        // Given
        write("a.yaml", VALID.replace("NAME", "a"));
        write("deep/er/b.yml", VALID.replace("NAME", "b"));
        write("notes.txt", "{");
        write(".github/workflows/x.yaml", "{");
        write(".hidden.yaml", "{");

        // When
        int code = validate(directory);

        // Then
        assertThat(code).isZero();
        assertThat(out).hasToString("2 valid ensembles in 2 files, no violations\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void violationIsALineWithItsPosition() throws IOException {
        // Given
        Path bad = write("bad.yaml", VALID.replace("NAME", "bad").replace("voters: 3", "voters: 2, voterz: 1"));
        write("good.yaml", VALID.replace("NAME", "good") + "---\nkind: Secret\n");

        // When
        int code = validate(directory);

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(bad + ":4:32: spec.voters: must be odd: with 2 voters"),
                        line -> assertThat(line)
                                .isEqualTo(bad + ":4:35: spec.voterz: unknown field: did you mean voters?"),
                        line -> assertThat(line).isEqualTo("1 valid ensemble in 2 files, 2 violations in 1 file"));
        assertThat(err.toString())
                .isEqualTo("note: " + directory.resolve("good.yaml")
                        + ":6:1: ignored: kind Secret, not ZooKeeperEnsemble\n");
    }

    @Test
    void nameThatMayBreakClientsIsValidWithANote() throws IOException {
        Path file = write("kafka.yaml", VALID.replace("NAME", "kafka"));
        write("schemas.yaml", VALID.replace("NAME", "schema-registry"));
        write("fine.yaml", VALID.replace("NAME", "kafka-zk"));

        assertThat(validate(directory)).isZero();

        assertThat(out).hasToString("3 valid ensembles in 3 files, no violations\n");
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("note: " + file + ":3:18: metadata.name: ")
                                .contains("KAFKA_PORT=tcp://", "enableServiceLinks: false", "such as kafka-zk"),
                        line -> assertThat(line).contains("SCHEMA_REGISTRY_PORT"));
    }

    @Test
    void filesAreReadWhateverTheirNameAndOnlyOnce() throws IOException {
        Path file = write("ensemble.txt", VALID.replace("NAME", "a"));
        Path other = write("other.yaml", VALID.replace("NAME", "b"));

        int code = validate(file, other, directory, directory.resolve("../" + directory.getFileName() + "/other.yaml"));

        assertThat(code).as(out.toString()).isZero();
        assertThat(out).hasToString("2 valid ensembles in 2 files, no violations\n");
    }

    @Test
    void ensemblesWithoutANamespaceShareTheDefaultOne() throws IOException {
        write("a.yaml", VALID.replace("NAME", "same"));
        write("b.yaml", VALID.replace("{name: NAME}", "{name: same, namespace: streaming}"));

        assertThat(validate(directory)).isZero();
        assertThat(validate("--namespace", "streaming", directory)).isEqualTo(1);
        assertThat(out.toString()).contains("the ensemble streaming/same is also defined at");
    }

    @Test
    void installationPolicyIsReadAsByTheDaemon() throws IOException {
        String pod =
                "podTemplate: {spec: {serviceAccountName: zk, hostIPC: true, volumes: [{name: x, secret: {secretName: s}}]}}";
        write(
                "a.yaml",
                VALID.replace("NAME", "a, namespace: kube-system")
                        .replace("voters: 3", "voters: 3, jvm: {options: ['-javaagent:/mnt/a.jar']}, " + pod));

        assertThat(validate(directory)).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(6)
                .anySatisfy(line -> assertThat(line).contains("metadata.namespace"))
                .anySatisfy(line -> assertThat(line).contains("ENSEMBLED_JVM_OPTIONS"))
                .anySatisfy(line -> assertThat(line).contains("ENSEMBLED_POD_SECURITY"))
                .anySatisfy(line -> assertThat(line).contains("ENSEMBLED_SERVICE_ACCOUNTS"))
                .anySatisfy(line -> assertThat(line).contains("ENSEMBLED_SECRETS"));
        assertThat(validate(
                        "--namespaces=kube-system,b",
                        "--pod-security=privileged",
                        "--jvm-options=any",
                        "--service-accounts=zk",
                        "--secrets=r,s",
                        directory))
                .as(out.toString())
                .isZero();
        assertThat(validate("--pod-security=", "--jvm-options=", "--secrets=", directory))
                .isEqualTo(1);
        assertThat(validate("--pod-security=loose", directory)).isEqualTo(2);
        assertThat(err.toString()).contains("must be one of restricted, baseline, privileged, not loose");
    }

    @Test
    void aDirectoryWithoutEnsemblesIsValidWithANote() {
        assertThat(validate(directory)).isZero();
        assertThat(err.toString()).contains("no ensemble found in 0 files; check the path");
        assertThat(out).hasToString("0 valid ensembles in 0 files, no violations\n");
    }

    @Test
    void fileThatACommitCannotDeliverIsAViolation() throws IOException {
        // Given
        Path target = write("target.txt", VALID);
        Files.createSymbolicLink(directory.resolve("link.yaml"), target);
        write("big.yaml", VALID + "#".repeat(300_000));
        Files.write(directory.resolve("latin.YAML"), (VALID + "# \u00e9").getBytes(StandardCharsets.ISO_8859_1));
        write("definitions.yaml", "kind: Foo\n" + "#".repeat(300_000));

        // When
        int code = validate(directory);

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .contains("big.yaml:1:1: the file exceeds 262144 bytes: split it into several files\n")
                .contains("latin.YAML:1:1: the file is not encoded in UTF-8: convert it\n")
                .contains("link.yaml:1:1: this is a symbolic link, which is not followed: replace it with the file\n")
                .doesNotContain("definitions.yaml");
        assertThat(err.toString()).contains("note: ").contains("definitions.yaml:1:1: ignored: the file exceeds");
    }

    @Test
    void wrongUsageAndMissingPathsHaveTheirOwnExitCode() {
        assertThat(validate()).isEqualTo(2);
        assertThat(validate("--nonsense", directory)).isEqualTo(2);
        assertThat(validate(directory.resolve("missing"))).isEqualTo(2);
        assertThat(err.toString()).contains("missing: no such file or directory");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theSampleRepositoryIsValid() {
        Path sample = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(sample.resolve("config-repo-sample"))) {
            sample = sample.getParent();
        }

        assertThat(validate(sample.resolve("config-repo-sample"))).isZero();
        assertThat(out).hasToString("2 valid ensembles in 2 files, no violations\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void fileNameCannotForgeALine() throws IOException {
        write("a\n0 violations\u001b[2J.yaml", VALID.replace("NAME", "a").replace("voters: 3", "voters: 2"));
        write("b\n.yaml", "kind: Secret\n");

        assertThat(validate(directory)).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(2).first().asString().contains("a?0 violations?[2J.yaml:4:");
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("b?.yaml:1:1: ignored: kind Secret, not ZooKeeperEnsemble");
    }
}
