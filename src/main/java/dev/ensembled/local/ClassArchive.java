package dev.ensembled.local;

import dev.ensembled.reconciler.desired.Digest;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.zookeeper.ServerProbe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * An archive of the loaded classes of a server, which later servers map into memory (application class-data sharing). It
 * reduces the time until a server serves by a fifth. It is made once for each JVM and class path, by an ensemble of one
 * server that exists only for this purpose and exits in an orderly way, because the JVM writes the archive when it exits.
 */
final class ClassArchive {
    private static final Logger LOG = Logger.getLogger(ClassArchive.class);
    private static final String SUFFIX = ".jsa";
    private static final String SCRATCH = "scratch";
    private static final EnsembleId NONE = new EnsembleId("ensembled", "class-archive");
    private static final Duration SERVING = Duration.ofSeconds(20);
    private static final Duration DUMPED = Duration.ofSeconds(20);

    private final Path dir;
    private final ServerClassPath classPath;
    private final Path archive;

    ClassArchive(Path dir, ServerClassPath classPath) throws IOException {
        this.dir = dir;
        this.classPath = classPath;
        this.archive = dir.resolve(Digest.of(System.getProperty("java.vm.version"), classPath.fingerprint()) + SUFFIX);
    }

    /** Ends the server, and deletes the directory, that remain of a daemon that was killed while it made an archive. */
    void endWhatWasLeft() throws IOException {
        List<ProcessHandle> left = ProcessRecord.runningBelow(dir).toList();
        left.forEach(process -> {
            LOG.warnf("a server for a class archive was left by a killed daemon, and is ended pid=%d", process.pid());
            process.destroyForcibly();
        });
        if (Files.isDirectory(dir)) {
            try (DirectoryStream<Path> scratches = Files.newDirectoryStream(dir, SCRATCH + "*")) {
                for (Path scratch : scratches) {
                    ServerFiles.delete(scratch);
                }
            }
        }
    }

    /** The archive; empty until it has been made. */
    Optional<Path> ready() {
        return Files.exists(archive) ? Optional.of(archive) : Optional.empty();
    }

    /**
     * Makes the archive if it does not exist, which takes a few seconds.
     *
     * @param ports the ports of the server that is started for this purpose
     */
    void make(Ports ports, ServerProbe probe) throws IOException, InterruptedException {
        if (ready().isPresent()) {
            return;
        }
        Path scratch = Files.createTempDirectory(Files.createDirectories(dir), SCRATCH);
        Process process = null;
        try {
            Path next = scratch.resolve("next.jsa");
            process = start(new ServerFiles(scratch), ports, next);
            awaitServing(process, new HostPort(Ports.LOOPBACK, ports.client()), probe);
            process.destroy();
            if (!process.waitFor(DUMPED.toMillis(), TimeUnit.MILLISECONDS) || !Files.exists(next)) {
                throw new IOException("the JVM wrote no archive: " + new ServerFiles(scratch).lastWords());
            }
            Files.move(next, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            deleteOlder();
            LOG.infof("class archive made file=%s bytes=%d", archive, Files.size(archive));
        } finally {
            if (process != null) {
                process.destroyForcibly();
                process.waitFor(2, TimeUnit.SECONDS);
            }
            ServerFiles.delete(scratch);
        }
    }

    private Process start(ServerFiles files, Ports ports, Path next) throws IOException {
        String member = "server.1=%s:%d:%d:participant;%s:%d"
                .formatted(Ports.LOOPBACK, ports.quorum(), ports.election(), Ports.LOOPBACK, ports.client());
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("tickTime", "2000");
        settings.put("initLimit", "10");
        settings.put("syncLimit", "5");
        settings.put("standaloneEnabled", "false");
        settings.put("admin.enableServer", "false");
        settings.put("4lw.commands.whitelist", "*");
        settings.put("db.autocreate", "false");
        Target target = new Target(ServerClassPath.zooKeeperVersion(), settings, 128L << 20, List.of(), "");
        ServerDisk disk = new ServerDisk(files, NONE, 1);
        disk.found(List.of(member));
        files.configure(target, disk.membership(), ports);
        ProcessBuilder builder = new ServerCommand(classPath, Optional.empty())
                .builder(files, target, UUID.randomUUID().toString());
        builder.command().add(1, "-XX:ArchiveClassesAtExit=" + next);
        return builder.start();
    }

    private static void awaitServing(Process process, HostPort at, ServerProbe probe)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + SERVING.toNanos();
        while (probe.ask(at).serving().isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("the server for the archive does not serve");
            }
            Thread.sleep(50);
        }
    }

    /** Deletes the archives of other builds. Servers that run with an older archive keep it open and need no file name. */
    private void deleteOlder() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(SUFFIX) && !file.equals(archive)) {
                    Files.delete(file);
                }
            }
        }
    }
}
