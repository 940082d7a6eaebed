package dev.ensembled.kubernetes.client;

import dev.ensembled.leadership.Fence;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.Set;

/**
 * Refuses every request that would change the cluster while this replica may not act. It is asked by the client itself,
 * immediately before the request is sent, so that no caller can forget it. Reviews and dry runs change nothing.
 */
record WriteFence(Fence fence) implements Interceptor {
    static final String NAME = "leadership";

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String DRY_RUN = "dryRun=All";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (changes(request.method(), request.uri())) {
            fence.refusal().ifPresent(reason -> {
                throw new KubernetesClientException("not sent: " + reason);
            });
        }
    }

    static boolean changes(String method, URI uri) {
        return !READS.contains(method) && !isDryRun(uri.getRawQuery()) && !isReview(uri.getPath());
    }

    private static boolean isDryRun(String query) {
        return query != null && Set.of(query.split("&")).contains(DRY_RUN);
    }

    private static boolean isReview(String path) {
        return path.startsWith("/apis/authentication.k8s.io/") || path.startsWith("/apis/authorization.k8s.io/");
    }
}
