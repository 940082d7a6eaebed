package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.contrastsecurity.sarif.SarifSchema210;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats of {@code validate} that CI systems read. */
class ViolationFormatsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INVALID =
            """
            apiVersion: ensembled.dev/v1alpha1
            kind: ZooKeeperEnsemble
            metadata: {name: bad}
            spec: {version: 3.9.5, voters: 3, voterz: 1, "x%0A::error::": 1}
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("a b,c:d%.yaml"), INVALID);
    }

    @Test
    void jsonHasEachViolationWithItsPosition() throws IOException {
        Files.writeString(directory.resolve("other.yaml"), "kind: Secret");

        CommandRun run = CommandRun.of("validate", "-o", "json", directory);

        assertThat(run.code()).isEqualTo(1);
        JsonNode tree = JSON.readTree(run.out());
        assertThat(tree.path("files").asInt()).isEqualTo(2);
        assertThat(tree.path("validEnsembles").asInt()).isZero();
        assertThat(tree.path("notes")).singleElement().asString().contains("kind Secret");
        assertThat(tree.path("violations")).hasSize(2).anySatisfy(violation -> {
            assertThat(violation.path("file").asText()).isEqualTo(file.toString());
            assertThat(violation.path("line").asInt()).isEqualTo(4);
            assertThat(violation.path("column").asInt()).isEqualTo(35);
            assertThat(violation.path("field").asText()).isEqualTo("spec.voterz");
            assertThat(violation.path("message").asText()).isEqualTo("unknown field: did you mean voters?");
        });
    }

    @Test
    void sarifConformsToTheOfficialSchema() throws IOException {
        CommandRun run = CommandRun.of("validate", "-o", "sarif", directory);

        assertThat(run.code()).isEqualTo(1);
        JsonNode log = JSON.readTree(run.out());
        assertThat(schema().validate(log)).isEmpty();
        JsonNode result = log.at("/runs/0/results/0");
        assertThat(log.at("/runs/0/tool/driver/rules")
                        .get(result.path("ruleIndex").asInt())
                        .path("id"))
                .isEqualTo(result.path("ruleId"));
        JsonNode place = result.at("/locations/0/physicalLocation");
        assertThat(Path.of(URI.create(place.at("/artifactLocation/uri").asText())))
                .isEqualTo(file);
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(4);
        assertThat(schema().validate(JSON.readTree(run.out().replace("startLine", "line"))))
                .isNotEmpty();
    }

    @Test
    void sarifNamesRelativeFilesRelatively() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(file);

        JsonNode log =
                JSON.readTree(CommandRun.of("validate", "-o", "sarif", relative).out());

        URI uri = URI.create(log.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
                .asText());
        assertThat(uri.isAbsolute()).isFalse();
        assertThat(uri.getPath()).isEqualTo(relative.toString());
    }

    @Test
    void validFilesGiveASarifLogWithoutResults() throws IOException {
        Files.writeString(file, INVALID.replaceAll(", voterz.*", "}"));

        CommandRun run = CommandRun.of("validate", "-o", "sarif", directory);

        assertThat(run.code()).isZero();
        assertThat(schema().validate(JSON.readTree(run.out()))).isEmpty();
        assertThat(JSON.readTree(run.out()).at("/runs/0/results")).isEmpty();
    }

    @Test
    void workflowCommandsEscapeWhatFilesContain() {
        CommandRun run = CommandRun.of("validate", "-o", "github", directory);

        assertThat(run.code()).isEqualTo(1);
        String escaped = directory + "/a b%2Cc%3Ad%25.yaml";
        assertThat(run.out().lines())
                .hasSize(3)
                .contains("::error file=" + escaped + ",line=4,col=35,title=spec.voterz::"
                        + "spec.voterz: unknown field: did you mean voters?")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("::error file=" + escaped + ",line=4,col=46,title=spec.x%250A%3A%3Aerror%3A%3A::")
                        .contains("::spec.x%250A::error::: "))
                .last()
                .isEqualTo("0 valid ensembles in 1 file, 2 violations in 1 file");
    }

    private static JsonSchema schema() throws IOException {
        try (InputStream in =
                SarifSchema210.class.getClassLoader().getResourceAsStream("schema/sarif-schema-2.1.0.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
        }
    }
}
