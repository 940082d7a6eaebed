package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.Ensembled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all commands have in common. */
class CommandLineTest {
    static Stream<String> commands() {
        return Ensembled.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachCommandHasHelp(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: ensembled " + command);
        if (!command.equals("run") && !command.equals("local")) {
            assertThat(run.out()).containsPattern("Examples?:\n[^$]*ensembled " + command);
        }
    }

    @Test
    void unknownCommandsAndOptionsSuggest() {
        assertThat(CommandRun.of("statsu").code()).isEqualTo(2);
        assertThat(CommandRun.of("statsu").err()).contains("Did you mean: ensembled status");
        assertThat(CommandRun.of("approve", "kafka", "--leadr").err()).contains("--leader");
    }

    @Test
    void bashAcceptsTheCompletionAndCompletes() throws IOException, InterruptedException {
        String script = CommandRun.of("completion", "bash").out()
                + "\ncompopt() { :; }"
                + "\nCOMP_WORDS=(ensembled sta); COMP_CWORD=1; _complete_ensembled; echo \"${COMPREPLY[*]}\""
                + "\nCOMP_WORDS=(ensembled approve kafka --lea); COMP_CWORD=3; _complete_ensembled;"
                + " echo \"${COMPREPLY[*]}\"\n";
        Process bash = new ProcessBuilder("bash", "--norc", "-s")
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        bash.getOutputStream().close();

        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).as(printed).isZero();
        assertThat(printed.lines()).containsExactly("status", "--leader");
        assertThat(CommandRun.of("completion", "fish").code()).isEqualTo(2);
    }
}
