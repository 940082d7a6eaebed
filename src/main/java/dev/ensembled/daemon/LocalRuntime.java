package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.leadership.Alone;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.local.Endpoints;
import dev.ensembled.local.LocalPlatform;
import dev.ensembled.local.access.TokenFile;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Runs ensembles as processes on this machine, with a directory as the store. Ends the processes when it is closed. */
final class LocalRuntime implements PlatformRuntime {
    private static final Logger LOG = Logger.getLogger(LocalRuntime.class);

    private final ServerProbe probe;
    private final LocalPlatform platform;
    private final LocalStore store;
    private final Endpoints endpoints;
    private final Authorizer authorizer;
    private final Path dir;
    private final Leadership leadership = new Alone();
    private volatile Consumer<EnsembleId> changed = id -> {};

    LocalRuntime(Path dir, Clock clock) throws IOException {
        this.dir = dir;
        probe = new ServerProbe(clock);
        store = new LocalStore(dir, clock);
        endpoints = new Endpoints(dir);
        platform = LocalPlatform.open(dir, probe, clock, id -> changed.accept(id));
        // After the directory is locked: another daemon on it would replace the token, and then fail to start.
        authorizer = TokenFile.create(dir);
        endRemovedEnsembles();
    }

    static PlatformRuntime open(Settings settings, Clock clock) throws IOException {
        return new LocalRuntime(settings.local().dir(), clock);
    }

    @Override
    public Platform platform() {
        return platform;
    }

    @Override
    public EnsembleStore store() {
        return store;
    }

    /** The directory has one daemon, so it has one record for each source. */
    @Override
    public AcceptedCommits acceptedCommits(String installation, String source) {
        return HistoryInFile.in(dir, source);
    }

    /** The directory is locked, so that no other daemon uses it. */
    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public DryRun dryRun() {
        return platform;
    }

    @Override
    public Authorizer authorizer() {
        return authorizer;
    }

    @Override
    public List<String> superPasswords(EnsembleId id) {
        return platform.superPasswords(id);
    }

    @Override
    public void watch(Consumer<EnsembleId> listener) {
        changed = listener;
        store.listen(listener);
    }

    @Override
    public void gone(EnsembleId id) {
        if (!store.removed().contains(id)) {
            LogEntry.of(
                            "store file missing, although the ensemble was not removed; its servers keep running, and the file is restored from Git")
                    .with(LogKey.ENSEMBLE, id)
                    .warn(LOG);
            return;
        }
        try {
            platform.end(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.forget(id);
    }

    /** A daemon that was killed may have removed an ensemble without ending its servers. */
    private void endRemovedEnsembles() throws IOException {
        for (EnsembleId id : store.removed()) {
            platform.end(id);
            store.forget(id);
        }
    }

    @Override
    public Map<Integer, Long> pids(EnsembleId id) {
        return platform.pids(id);
    }

    @Override
    public Map<Integer, SortedMap<String, String>> services(EnsembleId id) {
        return platform.services(id);
    }

    @Override
    public void publish(Endpoints.Content content) {
        try {
            endpoints.write(content);
        } catch (IOException e) {
            LogEntry.of("cannot write the endpoints file")
                    .with(LogKey.FILE, endpoints.path())
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
        }
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public void close() {
        try {
            platform.endAll();
            platform.close();
        } catch (IOException e) {
            LogEntry.of("cannot stop all servers").log(LOG, Logger.Level.ERROR, e);
        } finally {
            probe.close();
        }
    }
}
