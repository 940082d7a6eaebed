package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every gate that the status can name is documented with its meaning and with what opens it. */
class GateDocumentationTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @EnumSource(Gate.class)
    void gateIsExplainedInATableWithWhatOpensIt(Gate gate) throws Exception {
        Path page = ROOT.resolve(gate.docs().substring(0, gate.docs().indexOf('#')));
        List<String> rows = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("| `" + gate + "` |"))
                .toList();

        assertThat(rows).singleElement().satisfies(row -> assertThat(row.split("\\|"))
                .as("name, meaning and what opens it")
                .hasSizeGreaterThanOrEqualTo(4));
    }

    @Test
    void pageExplainsNoGateThatDoesNotExist() throws Exception {
        List<String> documented = Files.readAllLines(ROOT.resolve("docs/stalled.md")).stream()
                .filter(line -> line.matches("\\| `[a-z]+(-[a-z]+)*` \\|.*"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();

        assertThat(documented).isNotEmpty().allSatisfy(name -> assertThat(Gate.values())
                .anySatisfy(gate -> assertThat(gate).hasToString(name)));
    }
}
