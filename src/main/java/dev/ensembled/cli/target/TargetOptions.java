package dev.ensembled.cli.target;

import dev.ensembled.local.file.DirectoryLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options by which a person chooses the ensembles of a command: a cluster, or a local daemon. */
public final class TargetOptions {
    static final Path DEFAULT_DIR = Path.of(".ensembled");

    @ArgGroup(heading = "%nCluster or local daemon:%n", exclusive = false)
    private Options options = new Options();

    private static final class Options {
        @Option(
                names = "--local",
                description = {
                    "Use the local daemon's state directory. This is the default if a daemon runs in ./.ensembled;",
                    "otherwise the cluster of the kubeconfig is used."
                })
        private boolean local;

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "State directory of the local daemon (default: .ensembled); implies --local.")
        private Path dir;

        @Option(
                names = "--kubeconfig",
                paramLabel = "FILE",
                description = "Kubeconfig file (default: $KUBECONFIG, or ~/.kube/config).")
        private Path kubeconfig;

        @Option(names = "--context", paramLabel = "CONTEXT", description = "Context of the kubeconfig.")
        private String context;

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NAMESPACE",
                description = "Namespace (default: that of the context; all namespaces of a local daemon).")
        private String namespace;

        boolean cluster() {
            return kubeconfig != null || context != null;
        }
    }

    /**
     * Opens the ensembles that the options select.
     *
     * @throws TargetException if the options exclude each other, or the target does not exist
     */
    public Ensembles open() {
        return open(false);
    }

    /** Like {@link #open()}, for all namespaces if that is asked for. */
    public Ensembles open(boolean allNamespaces) {
        if (options.cluster() && (options.local || options.dir != null)) {
            throw new TargetException(
                    "--local and --dir exclude --kubeconfig and --context: choose the local daemon or a cluster", null);
        }
        if (allNamespaces && options.namespace != null) {
            throw new TargetException("--all-namespaces excludes --namespace: choose one of them", null);
        }
        Optional<String> namespace = Optional.ofNullable(options.namespace);
        return localDirectory()
                .<Ensembles>map(dir -> new LocalEnsembles(dir, namespace))
                .orElseGet(() -> Kubeconfig.open(
                        Optional.ofNullable(options.kubeconfig),
                        Optional.ofNullable(options.context),
                        namespace,
                        allNamespaces));
    }

    /** Returns the state directory of the local daemon, if that is chosen, or runs here and no cluster is chosen. */
    Optional<Path> localDirectory() {
        if (options.local || options.dir != null) {
            return Optional.of(options.dir == null ? DEFAULT_DIR : options.dir);
        }
        return Optional.of(DEFAULT_DIR)
                .filter(dir -> !options.cluster() && Files.isDirectory(dir) && DirectoryLock.isHeld(dir));
    }

    /** Forwards a port of the daemon's pod. */
    DaemonApi forwardedPort(String daemonNamespace) {
        return Kubeconfig.forward(
                Optional.ofNullable(options.kubeconfig), Optional.ofNullable(options.context), daemonNamespace);
    }
}
