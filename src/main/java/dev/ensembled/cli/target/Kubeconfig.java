package dev.ensembled.cli.target;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.kubernetes.client.ApiFailure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Opens the cluster of a kubeconfig, or inside of a pod that of its service account. */
final class Kubeconfig {
    private static final int TIMEOUT = (int) Duration.ofSeconds(10).toMillis();

    private static final int DAEMON_PORT = 8080;
    private static final Map<String, String> DAEMON_LABELS =
            Map.of("app.kubernetes.io/name", "ensembled", "app.kubernetes.io/component", "daemon");

    private Kubeconfig() {}

    static Ensembles open(
            Optional<Path> file, Optional<String> context, Optional<String> namespace, boolean allNamespaces) {
        Config config = config(file, context);
        config.setRequestTimeout(TIMEOUT);
        config.setConnectionTimeout(TIMEOUT);
        config.setRequestRetryBackoffLimit(0);
        Optional<String> found = namespace.or(() -> Optional.ofNullable(config.getNamespace()));
        String options = file.map(path -> " --kubeconfig " + path).orElse("")
                + context.map(name -> " --context " + name).orElse("");
        return new ClusterEnsembles(
                client(config),
                new ClusterEnsembles.Scope(
                        allNamespaces ? Optional.empty() : Optional.of(found.orElse("default")),
                        description(config),
                        options));
    }

    /** Connects to the daemon through a forwarded port of its pod; the client's own token is sent if it has one. */
    static DaemonApi forward(Optional<Path> file, Optional<String> context, String namespace) {
        Config config = config(file, context);
        KubernetesClient client = client(config);
        Pod pod = daemon(client, namespace, description(config));
        LocalPortForward tunnel = client.pods().resource(pod).portForward(DAEMON_PORT);
        Optional<String> token =
                Optional.ofNullable(config.getOauthToken()).or(() -> Optional.ofNullable(config.getAutoOAuthToken()));
        return new DaemonApi(URI.create("http://127.0.0.1:" + tunnel.getLocalPort()), token, () -> {
            tunnel.close();
            client.close();
        });
    }

    private static Pod daemon(KubernetesClient client, String namespace, String cluster) {
        try {
            return client.pods().inNamespace(namespace).withLabels(DAEMON_LABELS).list().getItems().stream()
                    .filter(pod -> pod.getStatus() != null
                            && "Running".equals(pod.getStatus().getPhase()))
                    .findFirst()
                    .orElseThrow(() -> new TargetException(
                            "no daemon runs in the namespace " + namespace + " of " + cluster
                                    + ": name its namespace with --daemon-namespace, or its address with --server",
                            null));
        } catch (KubernetesClientException e) {
            throw new TargetException(
                    "cannot find the daemon in the namespace " + namespace + " of " + cluster + ": "
                            + new ApiFailure(e).message() + ". It needs the right to list pods and to create"
                            + " pods/portforward there; or name its address with --server",
                    e);
        }
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                // Does not load the client's models, of which commands need none.
                .withKubernetesSerialization(new KubernetesSerialization(new ObjectMapper(), false))
                // Of the clients of the JDK and of Vert.x, this one starts faster.
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    private static Config config(Optional<Path> file, Optional<String> context) {
        Config config = file.map(path -> read(path, context)).orElseGet(() -> fromEnvironment(context));
        if (context.isPresent()
                && (config.getCurrentContext() == null
                        || !context.get().equals(config.getCurrentContext().getName()))) {
            throw new TargetException(
                    "the kubeconfig" + file.map(path -> " " + path).orElse("") + " has no context " + context.get()
                            + ": \"kubectl config get-contexts\" lists the contexts",
                    null);
        }
        return config;
    }

    private static Config read(Path file, Optional<String> context) {
        try {
            return Config.fromKubeconfig(context.orElse(null), file.toFile());
        } catch (KubernetesClientException e) {
            throw new TargetException(
                    "cannot read the kubeconfig " + file + ": " + e + ". Choose another file with --kubeconfig", e);
        }
    }

    private static Config fromEnvironment(Optional<String> context) {
        Config config = Config.autoConfigure(context.orElse(null));
        boolean none = Config.getKubeconfigFilenames().stream().noneMatch(name -> Files.exists(Path.of(name)));
        if (none && config.getOauthToken() == null && config.getAutoOAuthToken() == null) {
            throw new TargetException(
                    "no local daemon runs in ./.ensembled, and there is no kubeconfig ("
                            + String.join(", ", Config.getKubeconfigFilenames())
                            + "): choose a local state directory with --dir, or a cluster with --kubeconfig",
                    null);
        }
        return config;
    }

    private static String description(Config config) {
        String context = config.getCurrentContext() == null
                ? ""
                : " (context " + config.getCurrentContext().getName() + ")";
        return "the cluster " + config.getMasterUrl() + context;
    }
}
