package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Instance.Phase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The place of one server: at most one process runs in it at a time. A process that ends unasked is started again at
 * what was applied last: at once the first time, then after a delay that doubles up to half a minute, and at once again
 * when it had run for a while. Changes hold the slot's lock; {@link #view} never waits for it.
 */
final class ServerSlot {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HEALTHY_RUN = Duration.ofSeconds(30);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 6;

    private final int id;
    private final ServerFiles files;
    private final Ports ports;
    private final Clock clock;
    private final Supplier<ServerCommand> command;
    private final BiConsumer<ServerSlot, String> onExit;

    private volatile View view = View.EMPTY;
    private Target target;
    private ProcessHandle process;
    private int crashes;

    /**
     * What can be seen of it.
     *
     * @param record of the process that runs, or of the last one that ran
     * @param phase RUNNING or CRASHED
     */
    record View(Optional<ProcessRecord> record, Phase phase, String reason, String message) {
        private static final View EMPTY = new View(Optional.empty(), Phase.PENDING, "", "");

        boolean running() {
            return phase == Phase.RUNNING;
        }
    }

    /**
     * A slot in which nothing runs yet.
     *
     * @param onExit told, in a thread of the system's, when a process ended unasked, with its uid
     */
    ServerSlot(
            int id,
            ServerFiles files,
            Ports ports,
            Clock clock,
            Supplier<ServerCommand> command,
            BiConsumer<ServerSlot, String> onExit) {
        this.id = id;
        this.files = files;
        this.ports = ports;
        this.clock = clock;
        this.command = command;
        this.onExit = onExit;
    }

    View view() {
        return view;
    }

    Ports ports() {
        return ports;
    }

    /** Takes over the process that an earlier daemon started here, if it still runs. */
    synchronized void adopt(Target applied) throws IOException {
        target = applied;
        Optional<ProcessRecord> record = files.process().read(ProcessRecord.class);
        Optional<ProcessHandle> found = record.flatMap(ProcessRecord::running);
        if (found.isPresent()) {
            runs(record.get().startedAs(found.get()), found.get());
        }
    }

    /**
     * Has a process run here from now on, started at this target.
     *
     * @return whether that was tried just now, because none had run since the slot was made or ended
     */
    synchronized boolean keep(Target applied) throws IOException {
        target = applied;
        boolean first = process == null && view.phase() == Phase.PENDING;
        if (first) {
            start();
        }
        return first;
    }

    /** Kills the process of that uid and starts another one at the target; false if another process runs here by now. */
    synchronized boolean restart(String uid) throws IOException {
        if (target == null || !view.record().map(ProcessRecord::uid).equals(Optional.of(uid))) {
            return false;
        }
        kill();
        crashes = 0;
        start();
        return true;
    }

    /** Signals the process to end, without waiting for it, and starts none; {@link #end} completes it. */
    synchronized void condemn() {
        target = null;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Kills the process and starts none until {@link #keep}. Data stays. */
    synchronized void end() throws IOException {
        target = null;
        kill();
        view = View.EMPTY;
    }

    /** Notes that the process of that uid has ended; false if that is no news. */
    synchronized boolean exited(String uid) throws IOException {
        if (process == null || !view.record().map(ProcessRecord::uid).equals(Optional.of(uid))) {
            return false;
        }
        ProcessRecord record = view.record().get();
        process = null;
        boolean healthy = Duration.between(record.created(), clock.instant()).compareTo(HEALTHY_RUN) > 0;
        crashes = healthy ? 1 : crashes + 1;
        view = new View(Optional.of(record), Phase.CRASHED, crashes > 2 ? "CrashLoop" : "Exited", files.lastWords());
        return true;
    }

    /** How long to wait before {@link #revive}; empty if a process runs, or none should. */
    synchronized Optional<Duration> due() {
        return target == null || process != null ? Optional.empty() : Optional.of(delay());
    }

    /** Starts a process if none runs and one should. */
    synchronized void revive() throws IOException {
        if (target != null && process == null) {
            start();
        }
    }

    private Duration delay() {
        return crashes <= 1 ? Duration.ZERO : FIRST_DELAY.multipliedBy(1L << Math.min(crashes - 2, MAX_DOUBLINGS));
    }

    private void start() throws IOException {
        Instant now = clock.instant();
        String uid = UUID.randomUUID().toString();
        ProcessRecord record = new ProcessRecord(uid, null, null, now, target.revision(), target.aspects());
        Optional<Integer> taken = ports.taken();
        if (taken.isPresent()) {
            crashes++;
            view = new View(
                    Optional.of(record),
                    Phase.CRASHED,
                    "PortTaken",
                    "port " + taken.get() + " of server " + id + " is in use by another process: end that one");
            return;
        }
        files.configure(target);
        // Noted before it is started: whoever comes after a kill in between finds the process by its uid.
        files.process().write(record);
        ProcessHandle started =
                command.get().builder(files, target, uid).start().toHandle();
        try {
            ProcessRecord known = record.startedAs(started);
            files.process().write(known);
            runs(known, started);
        } catch (IOException e) {
            started.destroyForcibly();
            throw e;
        }
    }

    private void runs(ProcessRecord record, ProcessHandle handle) {
        process = handle;
        view = new View(Optional.of(record), Phase.RUNNING, "", "");
        CompletableFuture<Void> unused = handle.onExit().thenRun(() -> onExit.accept(this, record.uid()));
    }

    /** By SIGKILL: ZooKeeper has synced its log before it acknowledges, so a kill loses nothing, and it is faster. */
    private void kill() throws IOException {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        if (!gone(process)) {
            throw new IOException("process " + process.pid() + " of server " + id + " does not end");
        }
        process = null;
    }

    /** Looks again and again: of a process that another daemon started, the JDK tells the end up to a second late. */
    private static boolean gone(ProcessHandle dying) throws IOException {
        long end = System.nanoTime() + KILL_TIMEOUT.toNanos();
        try {
            while (!ProcessRecord.ended(dying) && System.nanoTime() < end) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + dying.pid() + " ended", e);
        }
        return ProcessRecord.ended(dying);
    }
}
