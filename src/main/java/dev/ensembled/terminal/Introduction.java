package dev.ensembled.terminal;

import java.nio.file.Path;
import java.util.List;

/** What {@code ensembled local} prints first: the addresses and directories, and how to push a change. Pure. */
final class Introduction {
    private Introduction() {}

    static List<String> of(Path dir, String web, String health) {
        Path repository = dir.resolve("config.git");
        return """
                ensembled local

                  page        %s
                  health      %s
                  repository  %s
                  endpoints   %s
                  logs        %s

                Push a change, and watch it roll, followers first, the leader last:

                  git clone %s my-config
                  cd my-config
                  sed -i 's/maxClientCnxns: .*/maxClientCnxns: 200/' ensembles/production/zookeeper.yaml
                  git commit -am 'Allow more connections' && git push

                Ctrl-C ends every process that runs here; starting again finds the data.
                """
                .formatted(
                        web, health, repository, dir.resolve("endpoints.json"), dir.resolve("daemon.log"), repository)
                .lines()
                .toList();
    }
}
