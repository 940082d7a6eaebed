package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleRepositoryTest {

    @Test
    void sampleIsValidWithoutNotesAndFitsOnALaptop() throws IOException {
        // When
        ParsedCommit parsed = new SpecReader("default", Set.of()).read(sample());

        // Then
        assertThat(parsed.violations()).isEmpty();
        assertThat(parsed.notes()).isEmpty();
        assertThat(parsed.ensembles())
                .extracting(Found::id)
                .containsExactly(new EnsembleId("zookeeper", "dev"), new EnsembleId("zookeeper", "production"));
        assertThat(parsed.ensembles())
                .extracting(found -> found.resource().getSpec().voters())
                .containsExactly(1, 3);
        assertThat(parsed.ensembles())
                .extracting(found -> found.resource().getSpec().rollout().windows())
                .containsExactly(List.of(new Window("0 19 * * *", Duration.ofHours(12), "Europe/Berlin")), List.of());
        assertThat(parsed.ensembles()).allSatisfy(found -> {
            assertThat(found.resource().getSpec().version()).isEqualTo("3.9.5");
            assertThat(found.resource().getSpec().jvm().heap()).isEqualTo("256Mi");
        });
    }

    private static List<SourceFile> sample() throws IOException {
        Path root = Golden.projectRoot().resolve("config-repo-sample");
        List<SourceFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root.resolve("ensembles"))) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                files.add(SourceFile.of(root.relativize(path).toString(), Files.readString(path)));
            }
        }
        return files;
    }
}
