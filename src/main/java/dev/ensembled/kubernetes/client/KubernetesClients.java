package dev.ensembled.kubernetes.client;

import dev.ensembled.leadership.Fence;
import dev.ensembled.leadership.LeaseTimes;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.time.Duration;
import java.util.function.Consumer;

/** Creates clients whose every call has a time limit. */
public final class KubernetesClients {
    /** A call that the lease permits must end before another replica may lead. */
    private static final Duration REQUEST = LeaseTimes.DEFAULT.call();

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private KubernetesClients() {}

    /**
     * Creates a client for the cluster of the environment (KUBECONFIG, or the service account of this pod) that sends no
     * change while the fence refuses.
     *
     * @param fence is asked immediately before each change
     */
    public static KubernetesClient fenced(Fence fence) {
        return client(
                Config.autoConfigure(null),
                REQUEST,
                http -> http.addOrReplaceInterceptor(WriteFence.NAME, new WriteFence(fence)));
    }

    /** Creates a client for the cluster of the environment whose requests end within a time. */
    public static KubernetesClient within(Duration request) {
        return client(Config.autoConfigure(null), request, http -> {});
    }

    /**
     * Creates a client for a cluster. It never retries a request: a refused eviction must be reported as such immediately,
     * and the caller is better placed to handle any other failure. Watches reconnect without limit.
     */
    public static KubernetesClient of(Config config) {
        return client(config, REQUEST, http -> {});
    }

    private static KubernetesClient client(Config config, Duration request, Consumer<HttpClient.Builder> http) {
        Duration connect = request.compareTo(CONNECT) < 0 ? request : CONNECT;
        Config bounded = new ConfigBuilder(config)
                .withRequestTimeout((int) request.toMillis())
                .withConnectionTimeout((int) connect.toMillis())
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(-1)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(bounded)
                // Commands use the JDK's client, which the builder would prefer.
                .withHttpClientFactory(new VertxHttpClientFactory())
                .withHttpClientBuilderConsumer(http)
                .build();
    }
}
