package dev.ensembled.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.time.Duration;

/** Creates clients whose every call has a time limit. */
public final class KubernetesClients {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private KubernetesClients() {}

    /** Creates a client for the cluster of the environment: KUBECONFIG, or the service account of this pod. */
    public static KubernetesClient fromEnvironment() {
        return of(Config.autoConfigure(null));
    }

    /**
     * Creates a client for a cluster. It never retries a request: a refused eviction must be reported as such immediately,
     * and the caller is better placed to handle any other failure. Watches reconnect without limit.
     */
    public static KubernetesClient of(Config config) {
        Config bounded = new ConfigBuilder(config)
                .withRequestTimeout((int) REQUEST.toMillis())
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(-1)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(bounded)
                // Commands use the JDK's client, which the builder would prefer.
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
    }
}
