package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every gate that the status can name has a section of its own, and every link to it arrives there. */
class GateDocumentationTest {
    private static final Path ROOT = Golden.projectRoot();
    private static final String PAGE = "docs/stalled.md";
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern SECTION = Pattern.compile("^#### `([^`]+)`$", Pattern.MULTILINE);
    private static final Pattern LINK_WITHIN_THE_PAGE = Pattern.compile("\\]\\(#([a-z0-9-]+)\\)");
    private static final Pattern LINK_TO_THE_PAGE = Pattern.compile("stalled\\.md#([a-z0-9-]+)");

    private static String page() throws Exception {
        return Files.readString(ROOT.resolve(PAGE));
    }

    @ParameterizedTest
    @EnumSource(Gate.class)
    void gateLinksToASectionWithWhatItWaitsFor(Gate gate) throws Exception {
        String section = page().split("\n#### `" + gate + "`\n", -1)[1]
                .split("\n#+ ", -1)[0]
                .strip();

        assertThat(gate.docs()).isEqualTo(PAGE + "#" + gate);
        assertThat(anchors()).containsOnlyOnce(gate.toString());
        assertThat(section).startsWith("Waits for " + gate.waitsFor().name().toLowerCase(Locale.ROOT));
    }

    @Test
    void sectionsAreThoseOfTheGatesInTheirOrder() throws Exception {
        List<String> sections = SECTION.matcher(page())
                .results()
                .map(section -> section.group(1))
                .toList();

        assertThat(sections)
                .isEqualTo(Arrays.stream(Gate.values()).map(Gate::toString).toList());
    }

    @Test
    void linksToThePageArriveAtAnAnchor() throws Exception {
        assertThat(links(LINK_WITHIN_THE_PAGE, page())).isNotEmpty().isSubsetOf(anchors());
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream<Path> all =
                    Stream.concat(docs, Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
            for (Path page : all.filter(file -> file.toString().endsWith(".md")).toList()) {
                assertThat(links(LINK_TO_THE_PAGE, Files.readString(page)))
                        .as(page.toString())
                        .isSubsetOf(anchors());
            }
        }
    }

    private static List<String> links(Pattern link, String text) {
        return link.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** As GitHub makes them of headings: in lower case, spaces as hyphens, other punctuation removed. */
    private static List<String> anchors() throws Exception {
        return HEADING.matcher(page())
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
    }
}
