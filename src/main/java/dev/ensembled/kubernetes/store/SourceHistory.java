package dev.ensembled.kubernetes.store;

import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the daemon must remember about its sources: a text for each of them in one ConfigMap, which is read and written by its
 * name, without a cache. Each text has a field manager of its own, so that writing it leaves the others alone. Used by one
 * thread at a time.
 */
public final class SourceHistory {
    /** The name of the ConfigMap, which the daemon's Role names too. */
    public static final String NAME = "ensembled-source-history";

    private static final Logger LOG = Logger.getLogger(SourceHistory.class);
    private static final int ATTEMPTS = 3;

    private final KubernetesClient client;
    private final String namespace;
    private final String key;
    private Optional<String> known = Optional.empty();

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
            known = text(stored());
            return known;
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    /**
     * Replaces the text, if it still is as it was read or written last.
     *
     * @throws IOException if the text is another one, or if the API server does not answer, or refuses
     */
    public void write(String text) throws IOException {
        try {
            for (int attempt = 1; !written(text, attempt == ATTEMPTS); attempt++) {
                LogEntry.of("the record of another source was written meanwhile, writing again")
                        .with(LogKey.NAME, place())
                        .debug(LOG);
            }
            known = Optional.of(text);
        } catch (KubernetesClientException e) {
            throw failed(e);
        }
    }

    /** Returns false if another source wrote its text to the same ConfigMap at that moment. */
    private boolean written(String text, boolean last) throws IOException {
        Optional<ConfigMap> stored = stored();
        if (!text(stored).equals(known)) {
            throw new IOException(place() + " was written by another daemon; expected the record that was read");
        }
        try {
            apply(stored, text);
            return true;
        } catch (KubernetesClientException e) {
            if (last || !new ApiFailure(e).isConflict()) {
                throw e;
            }
            return false;
        }
    }

    private void apply(Optional<ConfigMap> stored, String text) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withLabels(Map.of("app.kubernetes.io/name", "ensembled"))
                .endMetadata()
                .withData(Map.of(key, text))
                .build();
        client.resource(Precondition.on(stored, map))
                .fieldManager("ensembled-" + key)
                .forceConflicts()
                .serverSideApply();
    }

    private Optional<ConfigMap> stored() {
        return Optional.ofNullable(
                client.configMaps().inNamespace(namespace).withName(NAME).get());
    }

    private Optional<String> text(Optional<ConfigMap> stored) {
        return stored.flatMap(map -> Optional.ofNullable(map.getData()))
                .flatMap(data -> Optional.ofNullable(data.get(key)));
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
