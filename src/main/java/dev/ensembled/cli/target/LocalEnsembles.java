package dev.ensembled.cli.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.local.store.StoreReader;
import dev.ensembled.local.store.StoreReader.Stored;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The ensembles in the state directory of a local daemon, which reads requests there within a second. */
final class LocalEnsembles implements Ensembles {
    private final Path dir;
    private final Optional<String> namespace;
    private final StoreReader store;

    LocalEnsembles(Path dir, Optional<String> namespace) {
        if (!Files.isDirectory(dir.resolve("store"))) {
            throw new TargetException(
                    "no ensembles in the local state directory " + dir
                            + ": start the daemon with \"ensembled local\", choose another directory with --dir, or a"
                            + " cluster with --context",
                    null);
        }
        this.dir = dir;
        this.namespace = namespace;
        this.store = new StoreReader(dir);
    }

    @Override
    public List<StoredEnsemble> list() {
        try {
            return store.list().stream()
                    .filter(stored -> namespace.isEmpty()
                            || namespace.get().equals(stored.id().namespace()))
                    .sorted(Comparator.comparing(Stored::id))
                    .map(LocalEnsembles::resource)
                    .toList();
        } catch (IOException | RetryLaterException e) {
            throw unreadable(e);
        }
    }

    @Override
    public StoredEnsemble get(String name) {
        List<StoredEnsemble> found =
                list().stream().filter(each -> each.id().name().equals(name)).toList();
        if (found.isEmpty()) {
            throw new TargetException(
                    "no ensemble " + name + " in the local state directory " + dir
                            + namespace.map(each -> ", namespace " + each).orElse("")
                            + ": \"ensembled get\" lists the ensembles",
                    null);
        }
        if (found.size() > 1) {
            throw new TargetException(
                    "several namespaces have an ensemble " + name + " in the local state directory " + dir
                            + ": choose one with --namespace",
                    null);
        }
        return found.get(0);
    }

    @Override
    public void request(StoredEnsemble ensemble, String request, Optional<String> value) {
        try {
            if (value.isPresent()) {
                store.requests().set(ensemble.id(), request, value.get());
            } else {
                store.requests().withdraw(ensemble.id(), request);
            }
        } catch (IOException e) {
            throw new TargetException(
                    "cannot write to the local state directory " + dir + ": " + e + "; is it yours?", e);
        }
    }

    @Override
    public History history(StoredEnsemble ensemble) {
        try {
            return store.history(ensemble.id());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public String user() {
        return System.getProperty("user.name", "unknown");
    }

    @Override
    public String arguments(EnsembleId id) {
        return id.name() + " -n " + id.namespace() + " --local"
                + (dir.equals(TargetOptions.DEFAULT_DIR) ? "" : " --dir " + dir);
    }

    @Override
    public void close() {}

    private TargetException unreadable(Exception e) {
        return new TargetException("local state directory " + dir + ": " + e.getMessage(), e);
    }

    /** The resource as a cluster would store it. */
    private static StoredEnsemble resource(Stored stored) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("apiVersion", ZooKeeperEnsemble.GROUP + "/" + ZooKeeperEnsemble.VERSION);
        tree.put("kind", "ZooKeeperEnsemble");
        ObjectNode metadata = tree.putObject("metadata");
        metadata.put("generation", stored.generation());
        metadata.put("name", stored.id().name());
        metadata.put("namespace", stored.id().namespace());
        annotate(metadata, stored.requests());
        tree.set("spec", stored.spec());
        if (stored.status().isObject()) {
            tree.set("status", stored.status());
        }
        return StoredEnsemble.of(tree);
    }

    private static void annotate(ObjectNode metadata, Requests requests) {
        ObjectNode annotations = metadata.putObject("annotations");
        requests.reconcileNow().ifPresent(value -> annotations.put("ensembled.dev/" + Requests.RECONCILE_NOW, value));
        requests.approval().ifPresent(value -> annotations.put("ensembled.dev/" + Requests.APPROVE, value));
        requests.acceptLoss().ifPresent(value -> annotations.put("ensembled.dev/" + Requests.ACCEPT_LOSS, value));
        requests.paused().ifPresent(value -> annotations.put("ensembled.dev/" + Requests.PAUSED, value));
        requests.confirmedRemoval()
                .ifPresent(value -> annotations.put("ensembled.dev/" + Requests.CONFIRM_REMOVAL, value));
    }
}
