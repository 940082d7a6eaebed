package dev.ensembled.local.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The record of a server process, stored beside its data, by which another daemon identifies the process.
 *
 * @param uid the UID of this instance, which is also on the command line of the process
 * @param pid the process id; null from just before the process is started until the process id is known
 * @param started the time at which the process started according to the system; null where the system does not report it
 * @param created the time at which this instance was created
 */
public record ProcessRecord(
        String uid, Long pid, Instant started, Instant created, String revision, Map<String, String> aspects) {

    private static final Pattern UID = Pattern.compile(Pattern.quote(ServerCommand.marker("")) + "(\\S+)");

    public ProcessRecord {
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(revision, "revision");
        aspects = Map.copyOf(aspects);
    }

    /**
     * Finds, by its command line, a server that runs in a directory and has no readable record. Its revision is unknown, so
     * it is an outdated member; it is more important to know that it runs.
     */
    static Optional<ProcessRecord> foundIn(Path dir, Instant now) {
        return runningBelow(dir)
                .flatMap(process -> uidOf(process).stream()
                        .map(uid -> new ProcessRecord(
                                uid,
                                process.pid(),
                                process.info().startInstant().orElse(null),
                                process.info().startInstant().orElse(now),
                                "",
                                Map.of())))
                .findFirst();
    }

    /** The server processes of a directory or of its subdirectories, regardless of which process started them. */
    public static Stream<ProcessHandle> runningBelow(Path dir) {
        return ProcessHandle.allProcesses().filter(process -> process.info()
                .commandLine()
                .filter(line -> line.contains(ServerCommand.place(dir) + " ")
                        || line.contains(ServerCommand.place(dir) + File.separator)
                        // Started by a version that did not put the directory on the command line.
                        || line.endsWith(" " + new ServerDirectory(dir).zooCfg()))
                .isPresent());
    }

    private static Optional<String> uidOf(ProcessHandle process) {
        Matcher uid = UID.matcher(process.info().commandLine().orElse(""));
        return uid.find() ? Optional.of(uid.group(1)) : Optional.empty();
    }

    /** The record of a new instance, created now. */
    static ProcessRecord fresh(ServerConfiguration target, Instant now) {
        return new ProcessRecord(UUID.randomUUID().toString(), null, null, now, target.revision(), target.aspects());
    }

    /** Whether no process was started for this record, and both records have the same revision. */
    boolean isNotStartedAs(ProcessRecord other) {
        return pid == null && revision.equals(other.revision);
    }

    ProcessRecord startedAs(ProcessHandle process) {
        return new ProcessRecord(
                uid, process.pid(), process.info().startInstant().orElse(null), created, revision, aspects);
    }

    /**
     * The process, if it still runs. A process id alone does not identify a process, because the system reuses it: the
     * process must also have started at the recorded time and have this UID on its command line. If the daemon was killed
     * before it recorded the process id, all processes are searched for the UID.
     */
    Optional<ProcessHandle> running() {
        if (pid == null) {
            return ProcessHandle.allProcesses().filter(this::carriesUid).findFirst();
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        Optional.ofNullable(started).equals(process.info().startInstant()))
                .filter(this::carriesUid);
    }

    private boolean carriesUid(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(ServerCommand.marker(uid) + " "))
                .isPresent();
    }

    /**
     * Whether a process has ended and released its ports and files. On Linux this includes a zombie that its parent has not
     * reaped yet: the parent of an adopted server is process 1, which may take a second or two.
     */
    public static boolean ended(ProcessHandle process) {
        return !process.isAlive() || isZombie(Path.of("/proc", Long.toString(process.pid())));
    }

    /**
     * Polls until a process has ended, because for a process that another daemon started the JDK reports the end up to a
     * second late. One positive check is enough: while the process is reaped, the next check may not find that it ended.
     */
    static boolean endedWithin(Duration timeout, ProcessHandle process) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            boolean ended = ended(process);
            while (!ended && System.nanoTime() < end) {
                Thread.sleep(5);
                ended = ended(process);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + process.pid() + " ended", e);
        }
    }

    private static boolean isZombie(Path proc) {
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            String stat = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The state follows the name, which is in parentheses and may itself contain parentheses. It is the state
            // of
            // the first thread only, and the process keeps its resources until its last thread has ended.
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2) && threads.count() <= 1;
        } catch (IOException | UncheckedIOException e) {
            // The process is gone, or the system has no /proc: then only the JDK knows whether it has ended.
            return false;
        }
    }
}
