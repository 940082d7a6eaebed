package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {
    @TempDir
    Path directory;

    @Test
    void sampleIsRenderedAsReviewed() {
        Path sample = Golden.projectRoot().resolve("config-repo-sample");

        CommandRun run = CommandRun.of("render", sample);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        Golden.verify("src/test/resources/golden/render-sample.yaml", run.out());
        assertThat(CommandRun.of("render", sample)).isEqualTo(run);
    }

    @Test
    void secretHasNoData() {
        Path sample = Golden.projectRoot().resolve("config-repo-sample");

        assertThat(CommandRun.of("render", sample).out().split("---\n"))
                .filteredOn(document -> document.contains("kind: Secret"))
                .hasSize(2)
                .allSatisfy(document ->
                        assertThat(document).doesNotContain("\ndata:").doesNotContain("password"));
    }

    @Test
    void invalidFilesPrintNothingButTheirViolations() throws IOException {
        Path good = Files.writeString(directory.resolve("good.yaml"), file("good", 3));
        Path bad = Files.writeString(directory.resolve("bad.yaml"), file("bad", 2));

        CommandRun run = CommandRun.of("render", good, bad);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith(bad + ":4:").contains("spec.voters: must be odd");
        assertThat(CommandRun.of("render", "-n", "streaming", good).out())
                .contains("namespace: streaming")
                .doesNotContain("namespace: default");
        assertThat(CommandRun.of("render", directory.resolve("missing")).code()).isEqualTo(2);
    }

    private static String file(String name, int voters) {
        return "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\nmetadata: {name: " + name
                + "}\nspec: {version: 3.9.5, voters: " + voters + "}\n";
    }
}
