package dev.ensembled.cli.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.kubernetes.client.ApiFailure;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ensembles of a cluster, read and annotated with the rights of the user's kubeconfig. Requests to the API server are
 * made without the client's models, whose classes take longer to load than everything else.
 */
final class ClusterEnsembles implements Ensembles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GROUP = "/apis/" + ZooKeeperEnsemble.GROUP + "/" + ZooKeeperEnsemble.VERSION;
    private static final String RESOURCES = "zookeeperensembles";

    private final KubernetesClient client;
    private final ClusterRequests requests;
    private final Scope scope;

    /**
     * Where to look.
     *
     * @param namespace empty for all namespaces
     * @param description of the cluster, for messages
     * @param options that select this cluster in another command; empty for the default
     */
    record Scope(Optional<String> namespace, String description, String options) {}

    ClusterEnsembles(KubernetesClient client, Scope scope) {
        this.client = client;
        this.requests = new ClusterRequests(client);
        this.scope = scope;
    }

    @Override
    public List<StoredEnsemble> list() {
        String path =
                GROUP + scope.namespace().map(name -> "/namespaces/" + name).orElse("") + "/" + RESOURCES;
        return calling("list the ensembles", () -> {
            List<StoredEnsemble> found = new ArrayList<>();
            read(path)
                    .orElseThrow(() -> new TargetException(
                            scope.description() + " has no definition of ZooKeeperEnsemble: install ensembled there"
                                    + " (kubectl apply -f k8s/base/crd.yaml), or choose another cluster with --context",
                            null))
                    .path("items")
                    .forEach(item -> found.add(StoredEnsemble.of(item)));
            found.sort(Comparator.comparing(StoredEnsemble::id));
            return found;
        });
    }

    @Override
    public StoredEnsemble get(String name) {
        if (scope.namespace().isEmpty()) {
            throw new TargetException("a name needs a namespace: replace --all-namespaces by --namespace", null);
        }
        String namespace = scope.namespace().get();
        return calling("read " + namespace + "/" + name, () -> read(path(namespace, name)))
                .map(StoredEnsemble::of)
                .orElseThrow(() -> new TargetException(
                        "no ensemble " + name + " in namespace " + namespace + " of " + scope.description()
                                + ": \"ensembled get -A\" lists the ensembles of all namespaces",
                        null));
    }

    @Override
    public void request(StoredEnsemble ensemble, String request, Optional<String> value) {
        calling("annotate " + ensemble.id(), () -> {
            requests.annotate(ensemble, request, value);
            return ensemble;
        });
    }

    @Override
    public History history(StoredEnsemble ensemble) {
        ObjectNames names = new ObjectNames(ensemble.id());
        String path = "/api/v1/namespaces/" + ensemble.id().namespace() + "/configmaps/" + names.history();
        return calling("read the ConfigMap " + names.history(), () -> {
            try {
                // The client answers null if there is no such object.
                String text = client.raw(path);
                return text == null
                        ? new History(List.of())
                        : HistoryText.read(
                                JSON.readTree(text).at("/data/history.json").asText());
            } catch (UnreadableHistoryException e) {
                throw new TargetException(
                        "the history in the ConfigMap " + names.history() + " cannot be read: " + e.getMessage()
                                + ". Use the version of ensembled that wrote it; the daemon replaces an unreadable history",
                        e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public String user() {
        return requests.user().orElseGet(() -> System.getProperty("user.name", "unknown"));
    }

    @Override
    public String arguments(EnsembleId id) {
        return id.name() + " -n " + id.namespace() + scope.options();
    }

    @Override
    public void close() {
        client.close();
    }

    private static String path(String namespace, String name) {
        return GROUP + "/namespaces/" + namespace + "/" + RESOURCES + "/" + name;
    }

    /** Returns the answer; empty if there is nothing at that path. */
    private Optional<JsonNode> read(String path) {
        try {
            String answer = client.raw(path);
            return answer == null ? Optional.empty() : Optional.of(JSON.readTree(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T calling(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new TargetException(
                    "cannot " + doing + " in " + scope.description() + ": " + new ApiFailure(e).message() + ". "
                            + remedy(e.getCode()),
                    e);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new TargetException(
                    "cannot " + doing + " in " + scope.description() + ": the answer cannot be read: " + e.getMessage()
                            + ". Is it the address of an API server?",
                    e);
        }
    }

    private static String remedy(int code) {
        return switch (code) {
            case 401 -> "Log in again, or choose another context with --context";
            case 403 -> "Ask for the right to get, list and patch zookeeperensembles there";
            case 404, 409, 422 -> "It was replaced meanwhile: run the command again";
            default ->
                "Check the connection, or choose another cluster with --context or --kubeconfig, or the local"
                        + " daemon with --local";
        };
    }
}
