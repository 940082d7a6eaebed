package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The place of one server: at most one process runs in it at a time. A process that ends unasked is started again at
 * what was applied last: at once the first time, then after a delay that doubles up to half a minute, and at once again
 * when it had run for a while. One that may not start on what is on its disk looks at it again each second, until its
 * data is there or it is admitted. Changes hold the slot's lock; {@link #view} never waits for it.
 */
final class ServerSlot {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HEALTHY_RUN = Duration.ofSeconds(30);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration LOOK_AT_DISK_EVERY = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final int id;
    private final ServerFiles files;
    private final Entrance entrance;
    private final Ports ports;
    private final Clock clock;
    private final Supplier<ServerCommand> command;
    private final BiConsumer<ServerSlot, String> onExit;

    private volatile SlotView view = SlotView.EMPTY;
    private Target target;
    private ProcessHandle process;
    private int crashes;

    /**
     * A slot in which nothing runs yet.
     *
     * @param onExit told, in a thread of the system's, when a process ended unasked, with its uid
     */
    ServerSlot(
            ServerDisk disk,
            Ports ports,
            Clock clock,
            Supplier<ServerCommand> command,
            BiConsumer<ServerSlot, String> onExit) {
        this.id = disk.id();
        this.files = disk.files();
        this.entrance = new Entrance(disk, files.permit());
        this.ports = ports;
        this.clock = clock;
        this.command = command;
        this.onExit = onExit;
    }

    SlotView view() {
        return view;
    }

    /** What its server is started with; empty if none is to be started. */
    synchronized Optional<SortedMap<String, String>> settings() {
        return Optional.ofNullable(target).map(Target::settings);
    }

    Ports ports() {
        return ports;
    }

    /**
     * Takes over the process that an earlier daemon started here, if it still runs.
     *
     * @param applied empty if that is not known: then the process goes on, and is not started again when it ends
     */
    synchronized void adopt(Optional<Target> applied) throws IOException {
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
     * Has a process run here from now on, started at this target. Whether that was tried just now, because none had run
     * since the slot was made or ended.
     */
    synchronized boolean keep(Target applied) throws IOException {
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

    /** Lets the server start without data of its own, and starts it if it waits for that; false if it is another one. */
    synchronized boolean permit(String uid, StartPermit how, List<String> membership) throws IOException {
        if (target == null || !view.isOf(uid)) {
            return false;
        }
        if (process != null && view.disk() == Disk.FINE) {
            entrance.markPermitted(how, membership);
            runs(view.record().orElseThrow());
            return true;
        }
        kill();
        entrance.permit(how, membership);
        crashes = 0;
        start();
        return true;
    }

    /** Kills the process of that uid and starts another one at the target; false if another process runs here by now. */
    synchronized boolean restart(String uid) throws IOException {
        if (target == null || !view.isOf(uid)) {
            return false;
        }
        kill();
        entrance.forget();
        view = SlotView.EMPTY;
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

    /** Kills the process and starts none until {@link #keep}. */
    synchronized void end() throws IOException {
        target = null;
        kill();
        view = SlotView.EMPTY;
    }

    /** The same for a place that is given up: whoever gets it later is admitted anew. */
    synchronized void scaleDown() throws IOException {
        end();
        entrance.forget();
    }

    /** Notes that the process of that uid has ended; false if that is no news. */
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
            stopped(record, Instance.OUT_OF_MEMORY, outOfMemory.get(), Disk.FINE);
        } else if (unreadable.isPresent()) {
            stopped(record, "DiskCorrupt", "ZooKeeper cannot load its data: " + unreadable.get(), Disk.CORRUPT);
        } else {
            stopped(record, crashes > 2 ? "CrashLoop" : "Exited", files.lastWords(), Disk.FINE);
        }
        return true;
    }

    /** How long to wait before {@link #revive}; empty if a process runs, or none should. */
    synchronized Optional<Duration> due() {
        boolean none = target == null || process != null;
        return none ? Optional.empty() : Optional.of(view.waits() ? LOOK_AT_DISK_EVERY : delay());
    }

    /** Starts a process if none runs and one should; whether anything is different after it. */
    synchronized boolean revive() throws IOException {
        SlotView before = view;
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
        Optional<Integer> taken = ports.taken();
        if (taken.isPresent()) {
            crashes++;
            String message = "port " + taken.get() + " of server " + id + " is in use by another process: end that one";
            stopped(life, "PortTaken", message, Disk.FINE);
            return;
        }
        Entrance.Pass pass = entrance.pass(view.disk() == Disk.CORRUPT);
        if (pass.mayStart()) {
            start(life);
        } else {
            String message = pass.reason() + "; waiting for its data, or for a permit to start without data";
            stopped(life, pass.disk() == Disk.BLANK ? "DiskBlank" : "DiskForeign", message, pass.disk());
        }
    }

    /** One that was never started goes on: it is still the same one that waits. */
    private ProcessRecord life() {
        ProcessRecord fresh = ProcessRecord.fresh(target, clock.instant());
        return view.record().filter(last -> last.isNotStartedAs(fresh)).orElse(fresh);
    }

    private void start(ProcessRecord life) throws IOException {
        files.configure(target, entrance.disk().membership(), ports);
        // Noted before it is started: whoever comes after a kill in between finds the process by its uid.
        files.process().write(life);
        ProcessHandle started =
                command.get().builder(files, target, life.uid()).start().toHandle();
        try {
            ProcessRecord known = life.startedAs(started);
            files.process().write(known);
            runs(known, started);
        } catch (IOException e) {
            started.destroyForcibly();
            throw e;
        }
    }

    private void runs(ProcessRecord record, ProcessHandle handle) throws IOException {
        process = handle;
        runs(record);
        CompletableFuture<Void> unused = handle.onExit().thenRun(() -> onExit.accept(this, record.uid()));
    }

    /**
     * A server that could not read its data when it ran last is not believed that it can until it answers; nor is one that
     * ran out of memory that it has enough.
     */
    private void runs(ProcessRecord record) throws IOException {
        Optional<StartPermit> admitted = entrance.permit();
        boolean doubtful = view.disk() == Disk.CORRUPT && admitted.isEmpty();
        boolean shortOfMemory = view.reason().equals(Instance.OUT_OF_MEMORY);
        String reason = shortOfMemory ? view.reason() : "";
        String message = doubtful || shortOfMemory ? view.message() : "";
        view = new SlotView(
                Optional.of(record), Phase.RUNNING, reason, message, doubtful ? Disk.CORRUPT : Disk.FINE, admitted);
    }

    private void stopped(ProcessRecord record, String reason, String message, Disk disk) throws IOException {
        view = new SlotView(Optional.of(record), Phase.CRASHED, reason, message, disk, entrance.permit());
    }

    /** By SIGKILL: ZooKeeper has synced its log before it acknowledges, so a kill loses nothing, and it is faster. */
    private void kill() throws IOException {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        if (!ProcessRecord.endedWithin(KILL_TIMEOUT, process)) {
            throw new IOException("process " + process.pid() + " of server " + id + " does not end");
        }
        process = null;
    }
}
