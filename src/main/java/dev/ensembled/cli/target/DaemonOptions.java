package dev.ensembled.cli.target;

import dev.ensembled.local.access.TokenFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options by which a person chooses the daemon that answers a command. */
public final class DaemonOptions {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    @ArgGroup(heading = "%nDaemon:%n", exclusive = false)
    private Options options = new Options();

    private static final class Options {
        @Option(
                names = "--server",
                paramLabel = "URL",
                description = {
                    "Address of the daemon (default: the local daemon if it runs in ./.ensembled; otherwise a forwarded",
                    "port of the daemon's pod, with the rights of the kubeconfig)."
                })
        private URI server;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "File with the bearer token for --server, such as that of a service account.")
        private Path tokenFile;

        @Option(
                names = "--daemon-namespace",
                paramLabel = "NAMESPACE",
                defaultValue = "ensembled-system",
                description = "Namespace in which the daemon runs (default: ${DEFAULT-VALUE}).")
        private String namespace = "ensembled-system";
    }

    /**
     * Connects to the daemon.
     *
     * @throws TargetException if it cannot be found
     */
    public DaemonApi open(TargetOptions target) {
        if (options.server != null) {
            return at(options.server, Optional.ofNullable(options.tokenFile));
        }
        if (options.tokenFile != null) {
            throw new TargetException("--token-file needs --server: add the address of the daemon", null);
        }
        return target.localDirectory()
                .map(DaemonOptions::local)
                .orElseGet(() -> target.forwardedPort(options.namespace));
    }

    private static DaemonApi at(URI server, Optional<Path> tokenFile) {
        String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
        if (server.getHost() == null || !Set.of("http", "https").contains(scheme)) {
            throw new TargetException(
                    "--server is " + server + ", expected an address such as https://ensembled.example.com", null);
        }
        if (tokenFile.isPresent() && scheme.equals("http") && !LOOPBACK.contains(server.getHost())) {
            throw new TargetException(
                    "the token would be sent to " + server + " without encryption: use https, or forward the port",
                    null);
        }
        return new DaemonApi(server, tokenFile.map(DaemonOptions::token), () -> {});
    }

    private static DaemonApi local(Path dir) {
        try {
            return new DaemonApi(LocalAddress.of(dir), Optional.of(TokenFile.read(dir)), () -> {});
        } catch (IOException e) {
            throw new TargetException(
                    "cannot find the local daemon of " + dir + ": " + e + "; start it with \"ensembled local\"", e);
        }
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new TargetException("cannot read the token file " + file + ": " + e, e);
        }
    }
}
