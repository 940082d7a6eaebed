package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The cluster under test, and the settings of this run. Settings are system properties or, without one, environment
 * variables: see docs/testing.md.
 */
public final class TestCluster {
    private static final String SCRIPT = "ENSEMBLED_TEST_CLUSTER";

    private TestCluster() {}

    /** A client of the cluster that KUBECONFIG names; the caller closes it. */
    public static KubernetesClient connect() {
        if (System.getenv("KUBECONFIG") == null) {
            throw new IllegalStateException(
                    "Set KUBECONFIG to the cluster that the suite may use: see docs/testing.md");
        }
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestTimeout(10_000)
                .withConnectionTimeout(5_000)
                .withRequestRetryBackoffLimit(6)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
    }

    /** The kubectl of the cluster's script, or the one on the path. */
    public static Command kubectl(String... arguments) {
        return new Command(kubectl()).and(arguments);
    }

    private static List<String> kubectl() {
        return script().map(path -> List.of(path.toString(), "kubectl")).orElse(List.of(setting("kubectl", "kubectl")));
    }

    /** Runs a line as a person would type it into a shell, with the {@code kubectl} of this cluster. */
    public static String shell(String line) {
        String program = "'" + String.join("' '", kubectl()) + "'";
        return Command.of("bash", "-c", "kubectl() { " + program + " \"$@\"; }; " + line)
                .run();
    }

    /** The script that can inject faults into the cluster, if it is a cluster of this script. */
    public static Optional<Path> script() {
        return Optional.ofNullable(System.getenv(SCRIPT)).map(Path::of);
    }

    /** The root directory of a node on the machine that runs the nodes of the script's cluster. */
    static Path nodeDirectory(String node) {
        return Path.of(System.getenv().getOrDefault("ENSEMBLED_CLUSTER_DIR", "/var/tmp/ensembled-cluster"))
                .resolve("nodes")
                .resolve(node);
    }

    /** The address of this machine, for pods. */
    public static String gitHost() {
        return setting("git-host", "100.64.0.1");
    }

    /** The daemon's image, which the nodes have or can pull. */
    public static String image() {
        return setting("image", "docker.io/library/ensembled:dev");
    }

    /** The version of ZooKeeper in the ensembles; its image is docker.io/library/zookeeper:VERSION. */
    public static String zooKeeperVersion() {
        return setting("zookeeper", "3.9.5");
    }

    /** The root of the source tree. */
    public static Path root() {
        return Path.of(setting("root", "..")).toAbsolutePath().normalize();
    }

    /** The directory for the results of this run. */
    public static Path output() {
        return Path.of(setting("output", root().resolve("target").toString()));
    }

    private static String setting(String name, String otherwise) {
        String variable =
                "ENSEMBLED_E2E_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        return System.getProperty("ensembled.e2e." + name, System.getenv().getOrDefault(variable, otherwise));
    }
}
