package dev.ensembled.reconciler.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are broken, hostile or both: they cost little, and their violations name the error. */
class HostileTextTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    private static ParsedCommit readSoon(String text) {
        return assertTimeoutPreemptively(SOON, () -> Specs.read(text));
    }

    /** The violation of a text that is an ensemble of ours; a text that nothing marks as ours is ignored. */
    private static String onlyViolation(String text) {
        ParsedCommit parsed = readSoon(text);
        assertThat(parsed.ensembles()).isEmpty();
        assertThat(parsed.violations()).hasSize(1);
        return parsed.violations().get(0).message();
    }

    private static String ours(String text) {
        assertThat(readSoon(text).violations()).isEmpty();
        assertThat(readSoon(text).ensembles()).isEmpty();
        return "kind: ZooKeeperEnsemble\n" + text;
    }

    @Test
    void aBillionLaughsAreRefused() {
        StringBuilder text = new StringBuilder(Specs.minimal("lol")).append("a0: &a0 [lol, lol, lol]\n");
        for (int level = 1; level < 30; level++) {
            String alias = "*a" + (level - 1);
            text.append("a%d: &a%d [%s, %s, %s, %s]\n".formatted(level, level, alias, alias, alias, alias));
        }

        assertThat(onlyViolation(text.toString())).contains("the document is too large with its aliases");
        assertThat(readSoon(text.toString()).invalid()).containsExactly(new EnsembleId("zookeeper", "lol"));
    }

    @Test
    void manyAliasesAreRefused() {
        assertThat(onlyViolation(ours("a: &a 1\nb: [" + "*a, ".repeat(101) + "]")))
                .contains("more than 100 aliases");
    }

    @Test
    void anAliasOfItselfIsRefused() {
        assertThat(onlyViolation(ours("a: &a [*a]"))).contains("the alias *a has no anchor before it");
    }

    @Test
    void aliasesThatGrowDeepAreRefused() {
        StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
        for (int level = 1; level < 90; level++) {
            text.append("a%d: &a%d [*a%d]\n".formatted(level, level, level - 1));
        }

        assertThat(onlyViolation(ours(text.toString()))).contains("the document is too large with its aliases");
    }

    @Test
    void tenThousandLevelsAreRefused() {
        assertThat(onlyViolation(ours("a: " + "[".repeat(10_000)))).isEqualTo("nested more than 64 levels deep");
        assertThat(onlyViolation(ours("a: " + "{a: ".repeat(10_000)))).isEqualTo("nested more than 64 levels deep");
        assertThat(onlyViolation(ours("a:\n " + "- ".repeat(10_000)))).isEqualTo("nested more than 64 levels deep");
        assertThat(readSoon(ours("a:\n " + "? ".repeat(10_000))).violations())
                .last()
                .extracting(Violation::message)
                .isEqualTo("nested more than 64 levels deep");
    }

    @Test
    void aHugeFileIsRefusedUnread() {
        assertThat(onlyViolation(ours("#".repeat(50_000_000)))).contains("the maximum is 262144: split it");
    }

    @Test
    void manyDocumentsAreRefused() {
        assertThat(onlyViolation(ours("---\na\n".repeat(101)))).contains("more than 100 documents: split it");
    }

    @Test
    void aFileOfUnknownFieldsIsReportedInPart() {
        StringBuilder text = new StringBuilder(Specs.with(""));
        for (int field = 0; field < 20_000; field++) {
            text.append("  f").append(field).append(": 1\n");
        }

        ParsedCommit parsed = readSoon(text.toString());

        assertThat(parsed.violations()).hasSize(51);
        assertThat(parsed.violations())
                .extracting(Violation::message)
                .contains("19950 more violations in this file are omitted");
    }

    static Stream<String> expensive() {
        int most = 260_000;
        return Stream.of(
                "a: " + "1:".repeat(most / 2) + "1",
                "a: " + "9".repeat(most),
                "a: 1e" + "9".repeat(most),
                "\"" + "\\\"".repeat(most / 2),
                "&" + "a".repeat(most) + " b",
                "a: |\n" + " x\n".repeat(most / 3),
                "a:\n".repeat(most / 3),
                "? a\n".repeat(most / 4),
                "- ".repeat(30) + "[" + "a, ".repeat(most / 3),
                "{" + "a: b, ".repeat(most / 6),
                "a".repeat(most),
                "a: b: ".repeat(most / 6),
                "'".repeat(most),
                "%" + "X".repeat(most),
                "!<" + "x".repeat(most),
                "\t".repeat(most),
                "#".repeat(most),
                Specs.with("image: " + "a-".repeat(100_000)),
                Specs.with("jvm: {options: [-" + "x".repeat(200_000) + "]}"),
                Specs.with("placement: {spreadBy: [" + "a.".repeat(100_000) + "]}"),
                Specs.with("config: {" + "a".repeat(500) + ": " + "b".repeat(200_000) + "}"),
                Specs.minimal("a".repeat(200_000)),
                Specs.minimal("a-".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource("expensive")
    void expensiveTextIsRejectedInTime(String text) {
        assertThat(readSoon(text).ensembles()).isEmpty();
    }

    @RepeatedTest(20)
    void randomTextNeverThrows(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            for (int round = 0; round < 100; round++) {
                byte[] bytes = new byte[random.nextInt(2_000)];
                random.nextBytes(bytes);
                Specs.read(new String(bytes, StandardCharsets.ISO_8859_1));
                Specs.read(mutated(Specs.FULL, random));
            }
        });
    }

    /** A valid text with a few random errors: characters removed, doubled or replaced, pieces moved. */
    private static String mutated(String text, Random random) {
        String accidents = "{}[]:,-?&*!|>'\"%@`#\n\t 0aA~<=.\\\u0000\u2028\uD83D\uFEFF";
        StringBuilder result = new StringBuilder(text);
        for (int count = 1 + random.nextInt(6); count > 0 && !result.isEmpty(); count--) {
            int at = random.nextInt(result.length());
            char accident = accidents.charAt(random.nextInt(accidents.length()));
            switch (random.nextInt(4)) {
                case 0 -> result.deleteCharAt(at);
                case 1 -> result.insert(at, accident);
                case 2 -> result.setCharAt(at, accident);
                default -> result.insert(at, result.substring(at, Math.min(result.length(), at + random.nextInt(80))));
            }
        }
        return result.toString();
    }
}
