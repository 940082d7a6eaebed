package dev.ensembled.e2e.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A document that a team pushes: an ensemble that is small enough for a laptop, and settles quickly.
 *
 * @param lines more lines of the spec
 */
public record EnsembleFile(String namespace, String name, int voters, List<String> lines) {
    public EnsembleFile {
        lines = List.copyOf(lines);
    }

    /** The same with one more line in the spec. */
    public EnsembleFile with(String line) {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        return new EnsembleFile(namespace, name, voters, more);
    }

    /** Servers print maxClientCnxns when asked for their configuration, so that a change of it can be proven. */
    public EnsembleFile maxClientConnections(int most) {
        return with("config: {maxClientCnxns: " + most + "}");
    }

    public String path() {
        return "ensembles/" + name + ".yaml";
    }

    public String yaml() {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata:
                  name: %s
                  namespace: %s
                spec:
                  version: %s
                  voters: %d
                  jvm: {heap: 128Mi}
                  storage: {size: 1Gi}
                  rollout: {settle: 2s, memberTimeout: 30s}
                """
                        .formatted(name, namespace, TestCluster.zooKeeperVersion(), voters)
                + lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }
}
