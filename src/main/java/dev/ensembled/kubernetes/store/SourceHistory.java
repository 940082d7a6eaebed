package dev.ensembled.kubernetes.store;

import dev.ensembled.kubernetes.client.ApiFailure;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the daemon must remember about its sources: a text for each of them in one ConfigMap, which is read and written by its
 * name, without a cache. Each text has a field manager of its own, so that writing it leaves the others alone.
 */
public final class SourceHistory {
    /** The name of the ConfigMap, which the daemon's Role names too. */
    public static final String NAME = "ensembled-source-history";

    private final KubernetesClient client;
    private final String namespace;
    private final String key;

    /**
     * Creates the record of one source.
     *
     * @param namespace the namespace of the daemon
     * @param key the source, as a key of a ConfigMap
     */
    public SourceHistory(KubernetesClient client, String namespace, String key) {
        this.client = client;
        this.namespace = namespace;
        this.key = key;
    }

    /**
     * Reads the text.
     *
     * @return empty if there is none
     * @throws IOException if the API server does not answer, or refuses
     */
    public Optional<String> read() throws IOException {
        try {
            ConfigMap found =
                    client.configMaps().inNamespace(namespace).withName(NAME).get();
            return Optional.ofNullable(found)
                    .flatMap(map -> Optional.ofNullable(map.getData()))
                    .flatMap(data -> Optional.ofNullable(data.get(key)));
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    /**
     * Replaces the text.
     *
     * @throws IOException if the API server does not answer, or refuses
     */
    public void write(String text) throws IOException {
        try {
            ConfigMap map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .withLabels(Map.of("app.kubernetes.io/name", "ensembled"))
                    .endMetadata()
                    .withData(Map.of(key, text))
                    .build();
            client.resource(map)
                    .fieldManager("ensembled-" + key)
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    private static IOException failed(KubernetesClientException e) {
        ApiFailure failure = new ApiFailure(e);
        String hint =
                failure.refused() ? "; apply the Role " + NAME + " of k8s/base in the namespace of the daemon" : "";
        return new IOException(failure.message() + hint, e);
    }

    /** The place, for messages. */
    public String place() {
        return "key \"" + key + "\" of ConfigMap " + namespace + "/" + NAME;
    }
}
