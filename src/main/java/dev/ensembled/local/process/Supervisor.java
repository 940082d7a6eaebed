package dev.ensembled.local.process;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps the processes of all ensembles running, as the StatefulSet controller does: it starts servers that should run, and
 * restarts servers that ended. It never stops a server to change it; this is a step of the rollout. Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Supervisor.class);

    private final Directories directories;
    private final Clock clock;
    private final ServerCommand command;
    private final Consumer<EnsembleId> listener;
    private final Map<EnsembleId, SortedMap<Integer, ServerSlot>> slots = new ConcurrentHashMap<>();
    private final Map<ServerSlot, Future<?>> scheduledStarts = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;

    /**
     * A supervisor that has no slots yet.
     *
     * @param directories the directories of the servers
     * @param listener called in the supervisor's thread when a process has ended unexpectedly or was started again
     */
    public Supervisor(Directories directories, Clock clock, ServerCommand command, Consumer<EnsembleId> listener) {
        this.directories = directories;
        this.clock = clock;
        this.command = command;
        this.listener = listener;
        this.timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "server-supervisor");
            thread.setDaemon(true);
            return thread;
        });
        this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.timer.setRemoveOnCancelPolicy(true);
    }

    private ServerDisk disk(EnsembleId ensemble, int id) {
        return new ServerDisk(directories.files(ensemble, id), ensemble, id);
    }

    /** The slots of an ensemble, by server id. */
    public SortedMap<Integer, ServerSlot> slots(EnsembleId ensemble) {
        return new TreeMap<>(slots.getOrDefault(ensemble, new TreeMap<>()));
    }

    /** Takes over the processes that an earlier daemon left running. */
    public void adopt(EnsembleId ensemble, Optional<ServerConfiguration> applied, SortedMap<Integer, Ports> replicas)
            throws IOException {
        for (Map.Entry<Integer, Ports> replica : replicas.entrySet()) {
            slot(ensemble, replica.getKey(), replica.getValue()).adopt(applied);
        }
    }

    /** Keeps a server running for each of these replicas, and starts it with this target whenever it starts from now on. */
    public void keep(EnsembleId ensemble, ServerConfiguration applied, SortedMap<Integer, Ports> replicas)
            throws IOException {
        for (Map.Entry<Integer, Ports> replica : replicas.entrySet()) {
            ServerSlot slot = slot(ensemble, replica.getKey(), replica.getValue());
            if (slot.keep(applied)) {
                scheduleStart(ensemble, slot);
            }
        }
    }

    /** See {@link ServerSlot#permit}. */
    public boolean permit(EnsembleId ensemble, int id, String uid, StartPermit how, List<String> membership)
            throws IOException {
        ServerSlot slot = slots(ensemble).get(id);
        if (slot == null || !slot.permit(uid, how, membership)) {
            return false;
        }
        scheduleStart(ensemble, slot);
        return true;
    }

    /** Ends the servers of all replicas except the first ones, and removes their slots. The data stays. */
    public void scaleDown(EnsembleId ensemble, int replicas) throws IOException {
        SortedMap<Integer, ServerSlot> beyond = slots(ensemble).tailMap(replicas + 1);
        beyond.values().forEach(ServerSlot::signalKill);
        for (ServerSlot slot : beyond.values()) {
            slot.scaleDown();
        }
        slots.computeIfPresent(ensemble, (key, all) -> new TreeMap<>(all.headMap(replicas + 1)));
    }

    /** See {@link ServerSlot#restart}. */
    public boolean restart(EnsembleId ensemble, int id, String uid) throws IOException {
        ServerSlot slot = slots(ensemble).get(id);
        if (slot == null || !slot.restart(uid)) {
            return false;
        }
        scheduleStart(ensemble, slot);
        return true;
    }

    /** Ends the servers of an ensemble. */
    public void end(EnsembleId ensemble) throws IOException {
        slots(ensemble).values().forEach(ServerSlot::signalKill);
        for (ServerSlot slot : slots(ensemble).values()) {
            slot.end();
        }
    }

    /** Ends all servers, and continues if a server does not end; the exception names the servers that did not end. */
    public void endAll() throws IOException {
        List<IOException> failures = new ArrayList<>();
        slots.values().forEach(servers -> servers.values().forEach(ServerSlot::signalKill));
        for (EnsembleId ensemble : List.copyOf(slots.keySet())) {
            try {
                end(ensemble);
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IOException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    private ServerSlot slot(EnsembleId ensemble, int id, Ports ports) {
        return slots.compute(ensemble, (key, before) -> {
                    SortedMap<Integer, ServerSlot> after = before == null ? new TreeMap<>() : new TreeMap<>(before);
                    after.computeIfAbsent(
                            id,
                            missing -> new ServerSlot(
                                    disk(ensemble, id),
                                    ports,
                                    clock,
                                    command,
                                    (slot, uid) -> schedule(Duration.ZERO, () -> exited(ensemble, slot, uid))));
                    return after;
                })
                .get(id);
    }

    private void exited(EnsembleId ensemble, ServerSlot slot, String uid) throws IOException {
        if (slot.exited(uid)) {
            LogEntry.of("server process exited")
                    .with(LogKey.ENSEMBLE, ensemble)
                    .with(LogKey.REASON, slot.view().reason())
                    .with(LogKey.WHAT, slot.view().message())
                    .warn(LOG);
            listener.accept(ensemble);
            scheduleStart(ensemble, slot);
        }
    }

    /**
     * Schedules the next revival of a slot and cancels an earlier one. This is atomic, because a revival may run at once.
     */
    private void scheduleStart(EnsembleId ensemble, ServerSlot slot) {
        slot.due()
                .ifPresent(delay -> scheduledStarts.compute(slot, (key, earlier) -> {
                    if (earlier != null) {
                        earlier.cancel(false);
                    }
                    return schedule(delay, () -> startIfDown(ensemble, slot)).orElse(null);
                }));
    }

    private void startIfDown(EnsembleId ensemble, ServerSlot slot) throws IOException {
        if (slot.startIfDown()) {
            listener.accept(ensemble);
        }
        scheduleStart(ensemble, slot);
    }

    /** Work for the supervisor's own thread. */
    private interface Work {
        void run() throws IOException;
    }

    private Optional<Future<?>> schedule(Duration delay, Work work) {
        try {
            return Optional.of(timer.schedule(() -> attempt(work), delay.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            LogEntry.of("process exited after the supervisor was closed")
                    .with(LogKey.REASON, e)
                    .debug(LOG);
            return Optional.empty();
        }
    }

    /** Does the work. No caller handles a failure, so the work is tried again, for example when the disk has space again. */
    private void attempt(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LogEntry.of("supervising a server failed, retrying").log(LOG, Logger.Level.ERROR, e);
            schedule(Duration.ofSeconds(5), work);
        }
    }

    /** Ends the supervision; the servers continue to run. */
    @Override
    public void close() {
        // Not interrupted: a start in progress is completed, so that its process is recorded.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(2, TimeUnit.SECONDS)) {
                LogEntry.of("the supervisor did not finish its work before the deadline")
                        .warn(LOG);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
