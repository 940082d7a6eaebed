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

                  status page  %s
                  health       %s
                  repository   %s
                  endpoints    %s
                  log          %s

                Push a change and watch the rollout (followers first, leader last):

                  git clone %s my-config
                  cd my-config
                  sed -i 's/maxClientCnxns: .*/maxClientCnxns: 200/' ensembles/production/zookeeper.yaml
                  git commit -am 'Allow more connections' && git push

                Ctrl-C stops all processes; the data is kept for the next start.
                """
                .formatted(
                        web, health, repository, dir.resolve("endpoints.json"), dir.resolve("daemon.log"), repository)
                .lines()
                .toList();
    }
}
