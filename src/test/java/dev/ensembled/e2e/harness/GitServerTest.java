package dev.ensembled.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitServerTest {
    @TempDir
    private Path directory;

    @Test
    void gitServerServesPushesAndNothingWhileItIsDown() {
        GitRepo repository = new GitRepo(directory.resolve("served"));
        String first = repository.write("a/b.yaml", "a: 1\n").push("One");
        try (GitServer server = new GitServer(repository)) {
            String url = "http://127.0.0.1:" + server.port() + "/config.git";
            // When it runs, then it serves
            Command.of("git", "clone", "--quiet", url, "clone").in(directory).run();
            assertThat(directory.resolve("clone/a/b.yaml")).hasContent("a: 1\n");
            assertThat(server.packsServed()).isPositive();
            assertThat(heads(url)).contains(first);
            // When it is stopped, then it does not answer
            server.goAway();
            String second = repository.remove("a").push("Two");
            assertThatThrownBy(() -> heads(url)).isInstanceOf(IllegalStateException.class);
            // When it runs again, then it serves what was pushed meanwhile
            server.comeBack();
            assertThat(heads(url)).contains(second);
        }
    }

    private static String heads(String url) {
        return Command.of("git", "ls-remote", url).run();
    }
}
