package dev.ensembled.local.process;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The slot of one server, in which at most one process runs at a time. A process that ends unexpectedly is started again
 * with the target that was applied last: immediately the first time, then after a delay that doubles up to half a minute,
 * and immediately again if it had run for a while. A server that may not start because of its disk state checks the disk
 * again each second, until its data is there or it has a start permit. Changes hold the slot's lock; {@link #view} never
 * waits for the lock.
 */
public final class ServerSlot {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HEALTHY_RUN = Duration.ofSeconds(30);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration DISK_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final int id;
    private final ServerDirectory files;
    private final StartCheck entrance;
    private final Ports ports;
    private final Clock clock;
    private final ServerCommand command;
    private final BiConsumer<ServerSlot, String> onExit;

    private volatile SlotState view = SlotState.EMPTY;
    private ServerConfiguration target;
    private ProcessHandle process;
    private int crashes;

    /**
     * A slot in which nothing runs yet.
     *
     * @param onExit called in a system thread with the UID of a process that ended unexpectedly
     */
    ServerSlot(
            ServerDisk disk, Ports ports, Clock clock, ServerCommand command, BiConsumer<ServerSlot, String> onExit) {
        this.id = disk.id();
        this.files = disk.files();
        this.entrance = new StartCheck(disk, files.permit());
        this.ports = ports;
        this.clock = clock;
        this.command = command;
        this.onExit = onExit;
    }

    public SlotState view() {
        return view;
    }

    /** The settings with which its server is started; empty if no server should run. */
    public synchronized Optional<SortedMap<String, String>> settings() {
        return Optional.ofNullable(target).map(ServerConfiguration::settings);
    }

    public Ports ports() {
        return ports;
    }

    /**
     * Takes over the process that an earlier daemon started here, if it still runs.
     *
     * @param applied empty if the target is unknown: then the process continues, and is not started again when it ends
     */
    synchronized void adopt(Optional<ServerConfiguration> applied) throws IOException {
        target = applied.orElse(null);
        adopt();
    }

    private void adopt() throws IOException {
        Optional<Adoption.Found> found = new Adoption(files, clock).find();
        if (found.isPresent()) {
            runs(found.get().record(), found.get().process());
        }
    }

    /**
     * Keeps a process running in this slot from now on, started with this target. Returns whether a start was attempted now,
     * because no process had run after the slot was created or ended.
     */
    synchronized boolean keep(ServerConfiguration applied) throws IOException {
        target = applied;
        if (process != null || view.phase() != Phase.PENDING) {
            return false;
        }
        adopt();
        if (process == null) {
            start();
        }
        return true;
    }

    /**
     * Permits the server to start without its own data, and starts it if it waits; false if the UID is not its own. A server
     * that does not wait runs, or ended for another reason than its disk: then its next start keeps the delay, since a
     * permit does not repair what makes it exit.
     */
    synchronized boolean permit(String uid, StartPermit how, List<String> membership) throws IOException {
        if (target == null || !view.isOf(uid)) {
            return false;
        }
        if (view.disk() == Disk.FINE) {
            entrance.markPermitted(how, membership);
            view = view.withPermit(how);
            return true;
        }
        kill();
        entrance.permit(how, membership);
        crashes = 0;
        start();
        return true;
    }

    /** Kills the process with this UID and starts another one with the target; false if the UID is not the current one. */
    synchronized boolean restart(String uid) throws IOException {
        if (target == null || !view.isOf(uid)) {
            return false;
        }
        kill();
        entrance.forget();
        view = SlotState.EMPTY;
        crashes = 0;
        start();
        return true;
    }

    /** Kills the process without waiting for its end, and starts no other one; {@link #end} waits for it. */
    synchronized void signalKill() {
        target = null;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Kills the process and starts no other one until {@link #keep}. */
    synchronized void end() throws IOException {
        target = null;
        kill();
        view = SlotState.EMPTY;
    }

    /** Like {@code end}, for a slot that is removed: a later server in it needs a new start permit. */
    synchronized void scaleDown() throws IOException {
        end();
        entrance.forget();
    }

    /** Records that the process with this UID has ended; false if this is already known. */
    synchronized boolean exited(String uid) throws IOException {
        if (process == null || !view.isOf(uid)) {
            return false;
        }
        ProcessRecord record = view.record().orElseThrow();
        process = null;
        crashes = record.created().plus(HEALTHY_RUN).isBefore(clock.instant()) ? 1 : crashes + 1;
        Optional<String> unreadable = files.unreadableData();
        Optional<String> outOfMemory = files.outOfMemory();
        if (outOfMemory.isPresent()) {
            stopped(record, SlotState.OUT_OF_MEMORY, outOfMemory.get(), Disk.FINE);
        } else if (unreadable.isPresent()) {
            stopped(record, "DiskCorrupt", "ZooKeeper cannot load its data: " + unreadable.get(), Disk.CORRUPT);
        } else {
            stopped(record, crashes > 2 ? "CrashLoop" : "Exited", files.exitReason(), Disk.FINE);
        }
        return true;
    }

    /** The time to wait before {@link #startIfDown}; empty if a process runs, or none should run. */
    synchronized Optional<Duration> due() {
        boolean none = target == null || process != null;
        return none ? Optional.empty() : Optional.of(view.waits() ? DISK_CHECK_INTERVAL : delay());
    }

    /** Starts a process if none runs and one should run; returns whether the view of the slot has changed. */
    synchronized boolean startIfDown() throws IOException {
        SlotState before = view;
        if (target != null && process == null) {
            start();
        }
        return !view.equals(before);
    }

    private Duration delay() {
        return crashes <= 1 ? Duration.ZERO : FIRST_DELAY.multipliedBy(1L << Math.min(crashes - 2, MAX_DOUBLINGS));
    }

    private void start() throws IOException {
        ProcessRecord life = life();
        Optional<Integer> portInUse = ports.portInUse();
        if (portInUse.isPresent()) {
            crashes++;
            String message =
                    "port " + portInUse.get() + " of server " + id + " is in use by another process: stop that process";
            stopped(life, "PortTaken", message, Disk.FINE);
            return;
        }
        StartCheck.Result pass = entrance.pass(view.disk() == Disk.CORRUPT);
        if (pass.mayStart()) {
            start(life);
        } else {
            String message = pass.reason() + "; waiting for its data or a start permit";
            stopped(life, pass.disk() == Disk.BLANK ? "DiskBlank" : "DiskForeign", message, pass.disk());
        }
    }

    /**
     * The record of the next process; a record for which no process was started is used again, as the instance is the same.
     */
    private ProcessRecord life() {
        ProcessRecord fresh = ProcessRecord.fresh(target, clock.instant());
        return view.record().filter(last -> last.isNotStartedAs(fresh)).orElse(fresh);
    }

    private void start(ProcessRecord life) throws IOException {
        files.configure(target, entrance.disk().membership(), ports);
        // Recorded before the start: after a kill in between, the next daemon finds the process by its UID.
        files.process().write(life);
        ProcessHandle started =
                command.builder(files, target, life.uid()).start().toHandle();
        try {
            ProcessRecord known = life.startedAs(started);
            files.process().write(known);
            runs(known, started);
        } catch (IOException e) {
            started.destroyForcibly();
            throw e;
        }
    }

    /**
     * Shows a running process. A server that could not read its data when it ran last is assumed to be unable to read it
     * until it answers; likewise, a server that ran out of memory is assumed to have too little memory.
     */
    private void runs(ProcessRecord record, ProcessHandle handle) throws IOException {
        process = handle;
        Optional<StartPermit> permit = entrance.permit();
        boolean mayBeCorrupt = view.disk() == Disk.CORRUPT && permit.isEmpty();
        boolean shortOfMemory = view.problem() == Problem.HEAP_FULL;
        String reason = shortOfMemory ? view.reason() : "";
        String message = mayBeCorrupt || shortOfMemory ? view.message() : "";
        view = new SlotState(
                Optional.of(record), Phase.RUNNING, reason, message, mayBeCorrupt ? Disk.CORRUPT : Disk.FINE, permit);
        CompletableFuture<Void> unused = handle.onExit().thenRun(() -> onExit.accept(this, record.uid()));
    }

    private void stopped(ProcessRecord record, String reason, String message, Disk disk) throws IOException {
        view = new SlotState(Optional.of(record), Phase.CRASHED, reason, message, disk, entrance.permit());
    }

    /**
     * Kills by SIGKILL, which is faster and loses no data, because ZooKeeper syncs its log before it acknowledges a write.
     */
    private void kill() throws IOException {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        if (!ProcessRecord.endedWithin(KILL_TIMEOUT, process)) {
            throw new IOException("process " + process.pid() + " of server " + id + " did not exit after SIGKILL");
        }
        process = null;
    }
}
