package dev.ensembled.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/** Makes clients whose every call ends in time. */
public final class KubernetesClients {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private KubernetesClients() {}

    /** A client for the cluster of the environment: KUBECONFIG, or the service account of this pod. */
    public static KubernetesClient fromEnvironment() {
        return of(Config.autoConfigure(null));
    }

    /**
     * A client for a cluster. It never repeats a request by itself: a refused eviction must come back as such at once, and
     * whoever asks knows better what to do about any other failure. Watches reconnect for ever.
     */
    public static KubernetesClient of(Config config) {
        Config bounded = new ConfigBuilder(config)
                .withRequestTimeout((int) REQUEST.toMillis())
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(-1)
                .build();
        return new KubernetesClientBuilder().withConfig(bounded).build();
    }
}
