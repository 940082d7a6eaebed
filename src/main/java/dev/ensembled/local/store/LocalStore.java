package dev.ensembled.local.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.file.UnreadableFileException;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The store as a directory: a file for each ensemble in {@code DIR/store}. Each write replaces a file atomically, so that
 * a crash at any time leaves the old content or the new content. A file that a person edited counts as edited until the
 * next spec is accepted; a file that cannot be read is reported and left alone. Thread-safe.
 */
public final class LocalStore implements EnsembleStore {
    private static final Logger LOG = Logger.getLogger(LocalStore.class);
    private final StoreFiles files;
    private final RequestFiles requests;
    private final EventLog events;
    private volatile Consumer<EnsembleId> listener = id -> {};

    /** The content of a file. {@code digest} is the digest of the spec as it was accepted. */
    record Stored(
            EnsembleId id,
            EnsembleSpec spec,
            long generation,
            String digest,
            SourceStatus source,
            EnsembleStatus status) {
        Stored {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(spec, "spec");
            Objects.requireNonNull(spec.version(), "spec.version");
            Objects.requireNonNull(digest, "digest");
        }

        Stored with(SourceStatus other) {
            return new Stored(id, spec, generation, digest, other, status);
        }

        Stored with(EnsembleStatus other) {
            return new Stored(id, spec, generation, digest, source, other);
        }

        Accepted accepted(Requests requests) {
            return new Accepted(
                    id,
                    spec,
                    generation,
                    Optional.ofNullable(source),
                    !digestOf(spec).equals(digest),
                    requests,
                    Objects.requireNonNullElseGet(status, EnsembleStatus::empty));
        }
    }

    /** The store in a state directory, which is created if it does not exist. */
    public LocalStore(Path dir, Clock clock) {
        this.files = new StoreFiles(dir.resolve("store"));
        this.requests = new RequestFiles(dir.resolve("requests"));
        this.events = new EventLog(dir.resolve("events.log"), clock);
    }

    /** Sets the listener that is called for each ensemble whose spec is accepted or removed because of a commit. */
    public void listen(Consumer<EnsembleId> newListener) {
        listener = newListener;
    }

    @Override
    public synchronized List<Accepted> list() {
        List<Accepted> accepted = new ArrayList<>();
        for (Path file : files.stored()) {
            try {
                read(file).map(this::accepted).ifPresent(accepted::add);
            } catch (IOException | RetryLaterException e) {
                LogEntry.of("cannot read the stored ensemble, file not changed")
                        .with(LogKey.REASON, e.getMessage())
                        .debug(LOG);
            }
        }
        return accepted;
    }

    @Override
    public synchronized Set<EnsembleId> unreadable() {
        Set<EnsembleId> unreadable = new TreeSet<>();
        for (Path file : files.stored()) {
            try {
                read(file).ifPresent(this::accepted);
            } catch (IOException | RetryLaterException e) {
                unreadable.add(StoreFiles.idOf(file));
            }
        }
        return unreadable;
    }

    @Override
    public synchronized Optional<Accepted> get(EnsembleId id) {
        return read(id).map(this::accepted);
    }

    private Accepted accepted(Stored stored) {
        return stored.accepted(requests.of(stored.id()));
    }

    /** The requests of people, which the command line makes. */
    public RequestFiles requests() {
        return requests;
    }

    @Override
    public synchronized void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        EnsembleId id = resource.id();
        String digest = digestOf(resource.getSpec());
        Optional<Stored> before = read(id);
        long generation = before.map(Stored::generation).orElse(0L);
        boolean changed = before.isEmpty() || !digestOf(before.get().spec()).equals(digest);
        EnsembleStatus status = before.map(Stored::status).orElseGet(EnsembleStatus::empty);
        Stored after =
                new Stored(id, resource.getSpec(), changed ? generation + 1 : generation, digest, source, status);
        boolean same = !changed
                && before.get().digest().equals(digest)
                && Objects.equals(before.get().source(), source);
        if (!same) {
            write(after);
            listener.accept(id);
        }
        forget(id);
    }

    @Override
    public synchronized void mark(EnsembleId id, SourceStatus source) {
        read(id).filter(stored -> !Objects.equals(stored.source(), source))
                .ifPresent(stored -> write(stored.with(source)));
    }

    @Override
    public synchronized void remove(EnsembleId id, SourceStatus source) {
        try {
            // Renamed instead of deleted: after a kill, the next daemon knows that it was removed, and ends its
            // servers.
            Files.move(
                    files.of(id),
                    files.removal(id),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            requests.withdrawAll(id);
            Files.deleteIfExists(files.history(id));
            listener.accept(id);
        } catch (NoSuchFileException e) {
            LogEntry.of("stored ensemble already removed")
                    .with(LogKey.FILE, files.of(id))
                    .debug(LOG);
        } catch (IOException e) {
            throw new RetryLaterException("cannot remove the stored ensemble: " + files.of(id), e);
        }
    }

    /**
     * The ensembles that were removed, until {@link #forget}; their servers have to be ended. A lost file removes nothing.
     */
    public synchronized Set<EnsembleId> removed() {
        return files.removed().stream().map(StoreFiles::idOf).collect(Collectors.toSet());
    }

    /** Deletes the record that an ensemble was removed. */
    public synchronized void forget(EnsembleId id) {
        try {
            Files.deleteIfExists(files.removal(id));
        } catch (IOException e) {
            throw new RetryLaterException("cannot delete " + files.removal(id), e);
        }
    }

    @Override
    public synchronized void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        read(id).filter(stored -> !Objects.equals(stored.status(), status))
                .ifPresent(stored -> write(stored.with(status)));
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        events.append(id, event);
    }

    @Override
    public synchronized History history(EnsembleId id) {
        return new HistoryFile(files.history(id)).read();
    }

    @Override
    public synchronized void writeHistory(EnsembleId id, History before, History history) {
        if (Files.exists(files.of(id))) {
            new HistoryFile(files.history(id)).write(history);
        }
    }

    /** The events that were published after the daemon started. */
    public EventLog events() {
        return events;
    }

    private Optional<Stored> read(EnsembleId id) {
        try {
            return read(files.of(id));
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the stored ensemble, file not changed: " + e.getMessage(), e);
        }
    }

    /** Reads a file. A copy of a file under another name is an error, because it does not describe the other ensemble. */
    private Optional<Stored> read(Path file) throws IOException {
        Optional<Stored> stored = StoreFiles.json(file).read(Stored.class);
        if (stored.isPresent() && !file.equals(files.of(stored.get().id()))) {
            throw new UnreadableFileException(
                    file, "it describes the ensemble " + stored.get().id(), StoreFiles.REMEDY, null);
        }
        return stored;
    }

    private void write(Stored stored) {
        try {
            StoreFiles.json(files.of(stored.id())).write(stored);
        } catch (IOException e) {
            throw new RetryLaterException("cannot store the ensemble: " + files.of(stored.id()), e);
        }
    }

    private static String digestOf(EnsembleSpec spec) {
        try {
            // Converted to a tree with sorted keys, because the order of the keys in a map is not a change of the spec.
            Object tree = JsonFile.JSON.convertValue(spec, java.util.TreeMap.class);
            return Digest.of(JsonFile.JSON
                    .writer()
                    .with(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot serialize the spec", e);
        }
    }
}
