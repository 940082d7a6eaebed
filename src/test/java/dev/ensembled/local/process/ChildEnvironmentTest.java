package dev.ensembled.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which environment variables of the daemon a server gets. */
class ChildEnvironmentTest {
    private static final ServerCommand COMMAND = new ServerCommand(ServerClassPath.find());

    @Test
    void aServerInheritsWhatAJvmNeedsAndNothingElse() {
        // The environment of this test, which Maven and its caller set.
        Map<String, String> environment = environment();
        assertThat(System.getenv().keySet()).anyMatch(name -> !environment.containsKey(name));

        assertThat(environment).containsKeys("PATH", "HOME", "CLASSPATH");
        assertThat(environment.keySet())
                .allMatch(name -> name.startsWith("LC_")
                        || List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR")
                                .contains(name)
                        || List.of("JAVA_HOME", "LD_LIBRARY_PATH", "CLASSPATH").contains(name));
    }

    private static Map<String, String> environment() {
        ServerConfiguration target = new ServerConfiguration("3.9.5", new TreeMap<>(), 64L << 20, List.of(), "");
        return COMMAND.builder(new ServerDirectory(Path.of("nowhere")), target, "uid")
                .environment();
    }
}
