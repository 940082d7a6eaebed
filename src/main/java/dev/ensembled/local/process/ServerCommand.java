package dev.ensembled.local.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The command that starts a server. The class path is passed in the environment, which contains little else, to keep the
 * command line short: the system shows only its first 4 kB, and a server is identified by it.
 */
public record ServerCommand(ServerClassPath classPath) {
    /** The variables that a JVM may need about the machine and its user; the servers inherit no other variables. */
    private static final Set<String> INHERITED = Set.of(
            "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "JAVA_HOME", "LD_LIBRARY_PATH");

    /** The option that identifies the process of a record. */
    static String marker(String uid) {
        return "-Densembled.uid=" + uid;
    }

    /** The option that identifies the processes of a directory, for a process that has no record. */
    static String place(Path dir) {
        return "-Densembled.place=" + dir;
    }

    /** A builder that is ready to start; the output of the process is written to the server's log directory. */
    ProcessBuilder builder(ServerDirectory files, ServerConfiguration target, String uid) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add(marker(uid));
        line.add(place(files.dir()));
        line.add("-Xmx" + target.heapBytes());
        line.addAll(fastStart(target.options()));
        line.addAll(fixed(files));
        // Last, so that the user's options override the others.
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
     * Whether the servers inherit a variable. They must not see the daemon's configuration, and variables that affect a JVM
     * would change the servers without a change of their revision.
     */
    private static boolean isInherited(String variable) {
        return INHERITED.contains(variable) || variable.startsWith("LC_");
    }

    /** Options with which a small server serves sooner: the serial collector, one compiler and the JDK's shared classes. */
    private List<String> fastStart(List<String> userOptions) {
        List<String> options = new ArrayList<>();
        boolean ownCollector = userOptions.stream().anyMatch(option -> option.matches("-XX:\\+Use\\w+GC"));
        if (!ownCollector) {
            options.add("-XX:+UseSerialGC");
        }
        options.add("-XX:TieredStopAtLevel=1");
        options.add("-Xshare:auto");
        return options;
    }

    private static List<String> fixed(ServerDirectory files) {
        return List.of(
                "-Dsun.net.inetaddr.ttl=1",
                "-Dsun.net.inetaddr.negative.ttl=0",
                // A server that ran out of memory does not work, and parts of it may continue to run for a long time.
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dlogging.configuration=" + files.loggingConfig().toUri());
    }
}
