package dev.ensembled.local;

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
 * What is kept of a server process beside its data, so that another daemon knows it again.
 *
 * @param uid of this life of the server; stands on its command line
 * @param pid null from just before the process is started until it has one
 * @param started when the system says that the process began; null where it does not say
 * @param created when this life began
 */
record ProcessRecord(
        String uid, Long pid, Instant started, Instant created, String revision, Map<String, String> aspects) {

    private static final Pattern UID = Pattern.compile(Pattern.quote(ServerCommand.marker("")) + "(\\S+)");

    ProcessRecord {
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(revision, "revision");
        aspects = Map.copyOf(aspects);
    }

    /**
     * A server that runs in a directory and of which nothing readable is on record, by its command line. What it was
     * started from is not known, which makes it outdated; that it runs is what matters.
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

    /** The server processes of a directory, or of directories in it, whoever started them. */
    static Stream<ProcessHandle> runningBelow(Path dir) {
        return ProcessHandle.allProcesses().filter(process -> process.info()
                .commandLine()
                .filter(line -> line.contains(ServerCommand.place(dir) + " ")
                        || line.contains(ServerCommand.place(dir) + File.separator)
                        // Of a version that did not name the place.
                        || line.endsWith(" " + new ServerFiles(dir).zooCfg()))
                .isPresent());
    }

    private static Optional<String> uidOf(ProcessHandle process) {
        Matcher uid = UID.matcher(process.info().commandLine().orElse(""));
        return uid.find() ? Optional.of(uid.group(1)) : Optional.empty();
    }

    /** Another life, which begins now. */
    static ProcessRecord fresh(Target target, Instant now) {
        return new ProcessRecord(UUID.randomUUID().toString(), null, null, now, target.revision(), target.aspects());
    }

    /** Whether no process was started for this, and it would be one of the same revision. */
    boolean isNotStartedAs(ProcessRecord other) {
        return pid == null && revision.equals(other.revision);
    }

    ProcessRecord startedAs(ProcessHandle process) {
        return new ProcessRecord(
                uid, process.pid(), process.info().startInstant().orElse(null), created, revision, aspects);
    }

    /**
     * The process, if it still runs. A process id alone proves nothing, since the system gives it again: the process must
     * have begun at the same time and carry this life's uid on its command line. Where the daemon was killed before it
     * could note the process id, it is looked for among all processes.
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
     * Whether a process has ended and let go of its ports and files. On Linux that includes a zombie, of which the parent
     * has not taken note yet: the parent of a server that was adopted is process 1, which may take a second or two.
     */
    static boolean ended(ProcessHandle process) {
        return !process.isAlive() || isZombie(Path.of("/proc", Long.toString(process.pid())));
    }

    /**
     * Looks again and again: of a process that another daemon started, the JDK tells the end up to a second late. One look
     * that says so is enough: while the process is reaped, the next one may find neither its end nor its remains.
     */
    static boolean endedWithin(Duration patience, ProcessHandle dying) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        try {
            boolean ended = ended(dying);
            while (!ended && System.nanoTime() < end) {
                Thread.sleep(5);
                ended = ended(dying);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + dying.pid() + " ended", e);
        }
    }

    private static boolean isZombie(Path proc) {
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            String stat = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The state follows the name, which stands in parentheses and may itself contain some. The state is that of
            // the first thread alone, and what the process holds is held until the last one has ended.
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2) && threads.count() <= 1;
        } catch (IOException | UncheckedIOException e) {
            // Gone meanwhile, or a system without /proc: then only the JDK can tell.
            return false;
        }
    }
}
