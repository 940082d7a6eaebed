package dev.ensembled.reconciler.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which files are parsed again, and what is kept of a hostile commit. */
class CommitReaderTest {
    private final AtomicInteger parsed = new AtomicInteger();
    private final CommitReader reader = new CommitReader(new SpecReader("zookeeper", Set.of()));

    @Test
    void onlyFilesWithAnotherContentAreParsedAgain() {
        List<SourceFile> files = new ArrayList<>(ensembles(20));
        ParsedCommit before = complete(files);
        assertThat(parsed).hasValue(20);

        assertThat(complete(files)).isEqualTo(before);
        assertThat(parsed).hasValue(20);

        files.set(3, SourceFile.of("3.yaml", Specs.minimal("other")));
        ParsedCommit after = complete(files);

        assertThat(parsed).hasValue(21);
        assertThat(after.ensembles()).hasSize(20);
        assertThat(after).isEqualTo(new SpecReader("zookeeper", Set.of()).read(files));
    }

    @Test
    void interruptedReaderContinuesWhereItStopped() {
        List<SourceFile> files = ensembles(20);

        CommitReader.Result ended = reader.read(files, () -> parsed.incrementAndGet() <= 12);
        assertThat(ended).isEqualTo(new CommitReader.Interrupted());

        parsed.set(0);
        assertThat(complete(files).ensembles()).hasSize(20);
        assertThat(parsed).hasValue(8);
    }

    @Test
    void aDuplicateIsFoundAndForgottenWithoutParsingItsTwinAgain() {
        SourceFile one = SourceFile.of("a.yaml", Specs.minimal("same"));
        SourceFile other = SourceFile.of("b.yaml", Specs.minimal("same"));

        assertThat(complete(List.of(one, other)).violations()).hasSize(2);
        assertThat(complete(List.of(one)).violations()).isEmpty();
        assertThat(complete(List.of(one)).ensembles()).hasSize(1);
    }

    @Test
    void aRefusedFileIsNoFileWithoutText() {
        SourceFile refused = SourceFile.refused("a.yaml", "too large", "kind: ZooKeeperEnsemble".getBytes(UTF_8));

        assertThat(complete(List.of(SourceFile.of("a.yaml", ""))).violations()).isEmpty();
        assertThat(complete(List.of(refused)).violations()).hasSize(1);
    }

    @Test
    void badFilesAreAllNamedAndOnlySomeListedInFull() {
        String bad = Specs.with("") + unknownFields(210);
        List<SourceFile> files = new ArrayList<>(IntStream.range(0, 2_999)
                .mapToObj(file -> SourceFile.of("bad-" + file + ".yaml", bad.replace("name: ", "name: n" + file)))
                .toList());
        files.add(SourceFile.of("good.yaml", Specs.minimal("good")));

        ParsedCommit result = complete(files);

        assertThat(result.ensembles()).hasSize(1);
        assertThat(result.invalidPaths()).hasSize(2_999);
        assertThat(result.violations())
                .hasSizeBetween(2_999, 2_999 + SpecReader.MAX_VIOLATIONS + Findings.MAX_VIOLATIONS);
        assertThat(result.violations().get(result.violations().size() - 1).message())
                .contains("further violations in this file are omitted");
    }

    @Test
    void tooManyEnsemblesAreRefusedBeforeTheyTakeMemory() {
        CommitReader.Result result = reader.read(ensembles(2_001), () -> true);

        assertThat(result).isInstanceOfSatisfying(CommitReader.TooLarge.class, tooLarge -> assertThat(tooLarge.what())
                .startsWith("more than 2000 ensembles"));
        assertThat(complete(ensembles(2_000)).ensembles()).hasSize(2_000);
    }

    @Test
    void nameInVeryManyDocumentsTakesLittleTimeAndText() {
        String text = "---\n{apiVersion: ensembled.dev/v1alpha1, kind: ZooKeeperEnsemble, metadata: {name: a}}\n";
        List<SourceFile> files = IntStream.range(0, 19)
                .mapToObj(file -> SourceFile.of(file + ".yaml", text.repeat(100)))
                .toList();

        ParsedCommit result = complete(files);

        assertThat(result.violations()).hasSizeLessThan(SpecReader.MAX_VIOLATIONS + 100);
        assertThat(result.violations()).allMatch(one -> one.toString().length() < 1_500);
        assertThat(result.invalidPaths()).hasSize(19);
    }

    @Test
    void aLongKeyAboveManyProblemsIsNotRepeatedWithEach() {
        String text = "k".repeat(100_000) + ": [" + "!a b, ".repeat(20_000) + "]\n";

        ParsedCommit result = complete(List.of(SourceFile.of("a.yaml", text)));

        assertThat(result.violations()).hasSizeLessThanOrEqualTo(Findings.MAX_VIOLATIONS + 1);
        assertThat(result.violations()).allMatch(one -> one.toString().length() < 1_500);
    }

    private ParsedCommit complete(List<SourceFile> files) {
        CommitReader.Result result = reader.read(files, () -> parsed.incrementAndGet() > 0);
        return ((CommitReader.Complete) result).parsed();
    }

    private static List<SourceFile> ensembles(int count) {
        return IntStream.range(0, count)
                .mapToObj(file -> SourceFile.of(file + ".yaml", Specs.minimal("e" + file)))
                .toList();
    }

    private static String unknownFields(int count) {
        StringBuilder text = new StringBuilder();
        for (int field = 0; field < count; field++) {
            text.append("  unknown").append(field).append(": 1\n");
        }
        return text.toString();
    }
}
