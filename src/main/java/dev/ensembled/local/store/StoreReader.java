package dev.ensembled.local.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.local.file.UnreadableFileException;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The store of a state directory for a process beside the daemon, such as a command: it changes no file. The specs are trees,
 * because to load their model takes longer than all else that a command does. Thread-safe.
 */
public final class StoreReader {
    private final StoreFiles files;
    private final RequestFiles requests;

    /**
     * A stored ensemble.
     *
     * @param spec an object, which may break our rules if a person edited the file
     * @param status missing or null if nothing has been reported yet
     */
    public record Stored(EnsembleId id, JsonNode spec, long generation, JsonNode status, Requests requests) {}

    /** A reader of a state directory. */
    public StoreReader(Path dir) {
        this.files = new StoreFiles(dir.resolve("store"));
        this.requests = new RequestFiles(dir.resolve("requests"));
    }

    /**
     * Returns all ensembles, in the order of their files.
     *
     * @throws IOException if a file cannot be read, or does not describe its ensemble; the message names the file, and says
     *     what to do
     */
    public List<Stored> list() throws IOException {
        List<Stored> found = new ArrayList<>();
        for (Path file : files.stored()) {
            read(file).ifPresent(found::add);
        }
        return found;
    }

    /**
     * Returns what the rollouts of an ensemble did; an empty history if nothing is recorded.
     *
     * @throws IOException if it cannot be read
     */
    public History history(EnsembleId id) throws IOException {
        Path file = files.history(id);
        try {
            return StoreFiles.readHistory(file);
        } catch (NoSuchFileException e) {
            return History.EMPTY;
        } catch (UnreadableHistoryException e) {
            throw new UnreadableFileException(
                    file, e.getMessage(), "The daemon renames it, and begins a new history, with its next step", e);
        }
    }

    /** The requests of people, which the command line makes. */
    public RequestFiles requests() {
        return requests;
    }

    private Optional<Stored> read(Path file) throws IOException {
        Optional<JsonNode> content = StoreFiles.json(file).read(JsonNode.class);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        EnsembleId id = StoreFiles.idOf(file);
        JsonNode tree = content.get();
        if (!id.namespace().equals(tree.at("/id/namespace").asText())
                || !id.name().equals(tree.at("/id/name").asText())) {
            throw unreadable(file, "it does not describe the ensemble " + id);
        }
        if (!tree.at("/spec/version").isTextual()) {
            throw unreadable(file, "it has no spec with a version");
        }
        return Optional.of(new Stored(
                id, tree.get("spec"), tree.path("generation").asLong(), tree.path("status"), requests.of(id)));
    }

    private static UnreadableFileException unreadable(Path file, String reason) {
        return new UnreadableFileException(file, reason, StoreFiles.REMEDY, null);
    }
}
