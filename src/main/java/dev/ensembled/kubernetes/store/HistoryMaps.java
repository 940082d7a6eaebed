package dev.ensembled.kubernetes.store;

import dev.ensembled.kubernetes.client.Precondition;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The rollout histories as ConfigMaps. They have the labels of the ensemble's other objects, so that the teardown of the
 * ensemble deletes them, and belong to no manifest, so that they are never drift. Reads from the API server, without a
 * cache. A ConfigMap of that name that is not ours is left alone.
 *
 * <p>Every call may throw {@link KubernetesClientException}. Thread-safe.
 */
record HistoryMaps(KubernetesClient client) {
    private static final Logger LOG = Logger.getLogger(HistoryMaps.class);
    private static final String KEY = "history.json";
    private static final String COMPONENT = "history";

    /** Returns the stored history; an empty one if there is none, or if the stored one cannot be read. */
    History read(ObjectNames names) {
        return history(names, stored(names));
    }

    private static History history(ObjectNames names, Optional<ConfigMap> stored) {
        return stored.filter(map -> isOurs(names, map))
                .flatMap(map -> Optional.ofNullable(map.getData()))
                .flatMap(data -> Optional.ofNullable(data.get(KEY)))
                .map(text -> parse(names, text))
                .orElse(History.EMPTY);
    }

    /**
     * Replaces the stored history.
     *
     * @throws ChangedMeanwhileException if the stored history is not the one on which the new one is based
     */
    void write(ObjectNames names, History before, History history) {
        Optional<ConfigMap> stored = stored(names);
        if (stored.filter(map -> !isOurs(names, map)).isPresent()) {
            LogEntry.of(
                            "the history is not kept, since a ConfigMap of its name is not managed by ensembled: delete or rename it")
                    .with(LogKey.ENSEMBLE, names.id())
                    .with(LogKey.NAME, names.history())
                    .warn(LOG);
            return;
        }
        if (!HistoryText.of(history(names, stored)).equals(HistoryText.of(before))) {
            throw new ChangedMeanwhileException(
                    "ConfigMap/" + names.history() + " was changed; expected the history that was read or written last",
                    null);
        }
        client.resource(Precondition.on(
                        stored,
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withNamespace(names.id().namespace())
                                .withName(names.history())
                                .withLabels(names.labels(COMPONENT))
                                .withAnnotations(OptOut.OF_OBJECTS)
                                .endMetadata()
                                .withData(Map.of(KEY, HistoryText.of(history)))
                                .build()))
                .fieldManager(RecentWrites.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private Optional<ConfigMap> stored(ObjectNames names) {
        return Optional.ofNullable(client.configMaps()
                .inNamespace(names.id().namespace())
                .withName(names.history())
                .get());
    }

    private static boolean isOurs(ObjectNames names, ConfigMap map) {
        return Objects.requireNonNullElse(map.getMetadata().getLabels(), Map.<String, String>of())
                .entrySet()
                .containsAll(names.selector().entrySet());
    }

    private static History parse(ObjectNames names, String text) {
        try {
            return HistoryText.read(text);
        } catch (UnreadableHistoryException e) {
            LogEntry.of("the history cannot be read, a new one replaces it")
                    .with(LogKey.ENSEMBLE, names.id())
                    .with(LogKey.NAME, names.history())
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
            return History.EMPTY;
        }
    }
}
