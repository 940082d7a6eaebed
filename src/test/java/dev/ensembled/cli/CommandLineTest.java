package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.Ensembled;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all commands have in common. */
class CommandLineTest {
    static Stream<String> commands() {
        return Ensembled.commandLine().getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachCommandHasHelp(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: ensembled " + command);
        assertThat(run.out()).containsPattern("Examples?:\n[^$]*ensembled " + command);
    }

    @Test
    void unknownCommandsAndOptionsSuggest() {
        assertThat(CommandRun.of("statsu").code()).isEqualTo(2);
        assertThat(CommandRun.of("statsu").err()).contains("Did you mean: ensembled status");
        assertThat(CommandRun.of("approve", "kafka", "--leadr").err()).contains("--leader");
    }
}
