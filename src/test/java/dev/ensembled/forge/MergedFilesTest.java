package dev.ensembled.forge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MergedFilesTest {

    private static List<SourceFile> files(String... pathsAndTexts) {
        return Arrays.stream(pathsAndTexts)
                .map(file -> file.split("=", 2))
                .map(file -> new SourceFile(file[0], file[1], Optional.empty()))
                .toList();
    }

    private static ChangedFile changed(String path) {
        return new ChangedFile(path, false, Optional.empty());
    }

    private static List<String> texts(MergedFiles merged) {
        return merged.files().stream()
                .map(file -> file.path() + "=" + file.text())
                .toList();
    }

    @Test
    void onlyChangedFilesComeFromTheHead() {
        MergedFiles merged = MergedFiles.of(
                files("a.yaml=new", "b.yaml=b", "c.yaml=merged later"),
                files("a.yaml=old", "b.yaml=changed"),
                List.of(changed("b.yaml")));

        assertThat(texts(merged)).containsExactly("a.yaml=new", "b.yaml=changed", "c.yaml=merged later");
        assertThat(merged.changed()).containsExactly("b.yaml");
    }

    @Test
    void removedFilesAreGoneAndAddedFilesAreThere() {
        MergedFiles merged = MergedFiles.of(
                files("a.yaml=a", "b.yaml=b"),
                files("b.yaml=b", "d.yaml=d"),
                List.of(new ChangedFile("a.yaml", true, Optional.empty()), changed("d.yaml")));

        assertThat(texts(merged)).containsExactly("b.yaml=b", "d.yaml=d");
        assertThat(merged.changed()).containsExactlyInAnyOrder("a.yaml", "d.yaml");
    }

    @Test
    void renamedFileIsUnderItsNewPathOnly() {
        MergedFiles merged = MergedFiles.of(
                files("a.yaml=a"), files("z.yaml=a"), List.of(new ChangedFile("z.yaml", false, Optional.of("a.yaml"))));

        assertThat(texts(merged)).containsExactly("z.yaml=a");
        assertThat(merged.changed()).containsExactlyInAnyOrder("a.yaml", "z.yaml");
    }

    @Test
    void twoFilesThatSwapTheirNamesAreBothThere() {
        MergedFiles merged = MergedFiles.of(
                files("a.yaml=1", "b.yaml=2"),
                files("a.yaml=2", "b.yaml=1"),
                List.of(
                        new ChangedFile("a.yaml", false, Optional.of("b.yaml")),
                        new ChangedFile("b.yaml", false, Optional.of("a.yaml"))));

        assertThat(texts(merged)).containsExactly("a.yaml=2", "b.yaml=1");
    }

    @Test
    void filesThatAreNotReadDoNotCount() {
        MergedFiles merged = MergedFiles.of(
                files("a.yaml=a"), files("a.yaml=a"), List.of(changed("README.md"), changed("image.png")));

        assertThat(texts(merged)).containsExactly("a.yaml=a");
        assertThat(merged.changed()).isEmpty();
    }
}
