package dev.ensembled.local.store;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of the store: {@code NAMESPACE.NAME.json} for each ensemble with its rollout history in
 * {@code NAMESPACE.NAME.history}, and {@code NAMESPACE.NAME.removed} after it was removed. A namespace contains no dots, so
 * two ensembles never share a file.
 */
record StoreFiles(Path directory) {
    static final String REMEDY =
            "Restore it from a backup, or delete it; after a deletion the spec is accepted from Git again, and the servers keep"
                    + " running";

    /** In bytes, larger than any history: no more of a file is read into memory. */
    private static final int LARGEST_HISTORY = 4 * History.MAX_BYTES;

    private static final String STORED = ".json";
    private static final String REMOVED = ".removed";
    private static final String HISTORY = ".history";

    Path of(EnsembleId id) {
        return directory.resolve(id.namespace() + "." + id.name() + STORED);
    }

    Path removal(EnsembleId id) {
        return directory.resolve(id.namespace() + "." + id.name() + REMOVED);
    }

    Path history(EnsembleId id) {
        return directory.resolve(id.namespace() + "." + id.name() + HISTORY);
    }

    /**
     * The history in a file.
     *
     * @throws NoSuchFileException if the file does not exist
     */
    static History readHistory(Path file) throws IOException, UnreadableHistoryException {
        try (InputStream content = Files.newInputStream(file)) {
            return HistoryText.read(new String(content.readNBytes(LARGEST_HISTORY + 1), StandardCharsets.UTF_8));
        }
    }

    static JsonFile json(Path file) {
        return new JsonFile(file, REMEDY);
    }

    List<Path> stored() {
        return list(STORED);
    }

    List<Path> removed() {
        return list(REMOVED);
    }

    /** The ensemble to which a file belongs, by the file name. */
    static EnsembleId idOf(Path file) {
        String name = file.getFileName().toString();
        int dot = name.indexOf('.');
        return new EnsembleId(name.substring(0, dot), name.substring(dot + 1, name.lastIndexOf('.')));
    }

    private List<Path> list(String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.]+\\..+\\" + suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the store: " + directory, e);
        }
    }
}
