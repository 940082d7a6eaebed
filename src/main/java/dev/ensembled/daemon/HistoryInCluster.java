package dev.ensembled.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.git.history.AcceptedCommit;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.kubernetes.store.SourceHistory;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.desired.Digest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Optional;

/** The last accepted commit, in a ConfigMap in the namespace of the daemon. */
record HistoryInCluster(SourceHistory history) implements AcceptedCommits {
    private static final ObjectMapper JSON = JsonFile.JSON;
    private static final String DEFAULT_NAMESPACE = "default";

    /** The record of a source; installations that share a namespace have one each for each of their sources. */
    static HistoryInCluster of(KubernetesClient client, String installation, String source) {
        String owner = source.equals(Origin.DEFAULT_NAME) ? installation : installation + "_" + source;
        String key = owner.matches("[-._a-zA-Z0-9]{1,100}") ? owner : Digest.of(owner);
        String namespace = Optional.ofNullable(client.getNamespace()).orElse(DEFAULT_NAMESPACE);
        return new HistoryInCluster(new SourceHistory(client, namespace, key));
    }

    @Override
    public Optional<AcceptedCommit> read() throws IOException {
        Optional<String> text = history.read();
        try {
            return text.isPresent() ? Optional.of(JSON.readValue(text.get(), AcceptedCommit.class)) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IOException("it is not the JSON of an accepted commit: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void write(AcceptedCommit commit) throws IOException {
        history.write(JSON.writeValueAsString(commit));
    }

    @Override
    public String place() {
        return history.place();
    }

    @Override
    public String deletion() {
        return "remove the " + history.place();
    }
}
