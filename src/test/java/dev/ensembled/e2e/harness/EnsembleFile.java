package dev.ensembled.e2e.harness;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A document that a team pushes: an ensemble that is small enough for a laptop, and settles quickly.
 *
 * @param spec its fields, in order, each with its value on one line
 */
public record EnsembleFile(String namespace, String name, Map<String, String> spec) {
    public EnsembleFile {
        spec = Collections.unmodifiableMap(new LinkedHashMap<>(spec));
    }

    static EnsembleFile of(String namespace, String name, int voters) {
        Map<String, String> spec = new LinkedHashMap<>();
        spec.put("version", TestCluster.zooKeeperVersion());
        spec.put("voters", String.valueOf(voters));
        spec.put("observers", "0");
        spec.put("jvm", "{heap: 128Mi}");
        spec.put("storage", "{size: 1Gi}");
        spec.put("rollout", "{settle: 2s, progressDeadline: 30s}");
        return new EnsembleFile(namespace, name, spec);
    }

    /** The same file with one more line in the spec, or with this line instead of the line of the same field. */
    public EnsembleFile with(String line) {
        String[] parts = line.split(": ", 2);
        Map<String, String> other = new LinkedHashMap<>(spec);
        other.put(parts[0], parts[1]);
        return new EnsembleFile(namespace, name, other);
    }

    public EnsembleFile voters(int voters) {
        return with("voters: " + voters);
    }

    public EnsembleFile observers(int observers) {
        return with("observers: " + observers);
    }

    /** Sets maxClientCnxns, which servers print with their configuration, so that a test can verify the change. */
    public EnsembleFile maxClientConnections(int most) {
        return with("config: {maxClientCnxns: " + most + "}");
    }

    /** How many servers the file asks for. */
    int servers() {
        return Integer.parseInt(spec.get("voters")) + Integer.parseInt(spec.get("observers"));
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
                """
                        .formatted(name, namespace)
                + spec.entrySet().stream()
                        .map(field -> "  " + field.getKey() + ": " + field.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
