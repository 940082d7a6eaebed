package dev.ensembled.local.store;

import dev.ensembled.local.file.DurableFile;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The requests of people as files: {@code DIR/NAMESPACE.NAME/REQUEST} contains the value of a request, such as the
 * annotation of that name does in a cluster. A file is replaced atomically; different processes may write at the same time.
 */
public record RequestFiles(Path directory) {
    private static final int MAX_BYTES = 1024;

    /** All requests for an ensemble. */
    Requests of(EnsembleId id) {
        return Requests.named(name -> value(id, name));
    }

    /**
     * The value of a request; empty if there is none.
     *
     * @throws RetryLaterException if the file cannot be read: an unreadable pause must not end the pause
     */
    public Optional<String> value(EnsembleId id, String request) {
        try (InputStream in = Files.newInputStream(file(id, request))) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip())
                    .filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the request " + file(id, request) + ": correct or delete it", e);
        }
    }

    /** Makes a request, or replaces it. */
    public void set(EnsembleId id, String request, String value) throws IOException {
        Path file = file(id, request);
        Files.createDirectories(file.getParent());
        DurableFile.replace(file, (value + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Withdraws a request, if there is one. */
    public void withdraw(EnsembleId id, String request) throws IOException {
        Files.deleteIfExists(file(id, request));
    }

    /** Withdraws all requests of an ensemble that is removed, so that the next one of that name begins without any. */
    void withdrawAll(EnsembleId id) throws IOException {
        for (String request : Requests.ALL) {
            withdraw(id, request);
        }
    }

    private Path file(EnsembleId id, String request) {
        return directory.resolve(id.namespace() + "." + id.name()).resolve(request);
    }
}
