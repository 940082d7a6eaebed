package dev.ensembled.local;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command that starts a server. The class path goes by the environment, which has little
 * else in it, so that the command line stays short: the
 * system shows only its first 4 kB, and a server is known again by it.
 */
record ServerCommand(ServerClassPath classPath, Optional<Path> archive) {
    /** What a JVM may need to know of the machine and its user; all else of the daemon's environment stays away. */
    private static final Set<String> INHERITED = Set.of(
            "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "JAVA_HOME", "LD_LIBRARY_PATH");

    /** The option by which a process is known to be the one of a record. */
    static String marker(String uid) {
        return "-Densembled.uid=" + uid;
    }

    /** The option by which a process is known to be of a place, when nothing is on record of it. */
    static String place(Path dir) {
        return "-Densembled.place=" + dir;
    }

    /** A builder that is ready to start; its output goes to the server's log directory. */
    ProcessBuilder builder(ServerFiles files, Target target, String uid) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add(marker(uid));
        line.add(place(files.dir()));
        line.add("-Xmx" + target.heapBytes());
        line.addAll(fastStart(target.options()));
        line.addAll(fixed(files));
        // Last, so that the user's options win.
        line.addAll(target.options());
        line.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
        line.add(files.zooCfg().toString());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(files.dir().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(files.output().toFile());
        builder.environment().keySet().removeIf(name -> !isInherited(name));
        builder.environment().put("CLASSPATH", classPath.joined());
        return builder;
    }

    /**
     * The daemon's own configuration is none of its servers' business, and what changes a JVM would change them behind their
     * revision's back.
     */
    private static boolean isInherited(String variable) {
        return INHERITED.contains(variable) || variable.startsWith("LC_");
    }

    /** Serial collector, one compiler and shared classes: a small server serves sooner with them. */
    private List<String> fastStart(List<String> userOptions) {
        List<String> options = new ArrayList<>();
        boolean ownCollector = userOptions.stream().anyMatch(option -> option.matches("-XX:\\+Use\\w+GC"));
        if (!ownCollector) {
            options.add("-XX:+UseSerialGC");
        }
        options.add("-XX:TieredStopAtLevel=1");
        options.add("-Xshare:auto");
        archive.ifPresent(path -> options.add("-XX:SharedArchiveFile=" + path));
        return options;
    }

    private static List<String> fixed(ServerFiles files) {
        return List.of(
                "-Dsun.net.inetaddr.ttl=1",
                "-Dsun.net.inetaddr.negative.ttl=0",
                // A server that ran out of memory is of no use, and may go on in part for long.
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dlogging.configuration=" + files.loggingConfig().toUri());
    }
}
