package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.FreePorts;
import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/**
 * ZooKeeper servers as processes on loopback, without ensembled: a test defines the files with which each starts. Each
 * has a name, and its own hosts file for the addresses of the names. All of them end when this is closed.
 */
final class RealServers implements AutoCloseable {
    static final String PASSWORD = "correct-horse";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MOST = 9;
    private static final int OUTPUT_LINES = 40;

    final ServerProbe probe = new ServerProbe(Clock.systemUTC());
    private final Path dir;
    private final Map<Integer, Endpoint> endpoints = new TreeMap<>();
    private final Map<Integer, Process> processes = new TreeMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    RealServers(Path dir) throws NoSuchAlgorithmException {
        this.dir = dir;
        settings.put("tickTime", "1000");
        settings.put("initLimit", "10");
        settings.put("syncLimit", "3");
        settings.put("admin.enableServer", "false");
        settings.put("standaloneEnabled", "false");
        settings.put("reconfigEnabled", "true");
        settings.put("db.autocreate", "false");
        settings.put("4lw.commands.whitelist", "conf,mntr,ruok,srvr");
        settings.put(
                "DigestAuthenticationProvider.superDigest",
                DigestAuthenticationProvider.generateDigest("super:" + PASSWORD));
    }

    /** Sets a value in the zoo.cfg of servers that are started from now on. */
    void set(String key, String value) {
        settings.put(key, value);
    }

    /** Starts the members of a new ensemble and waits until they serve. */
    void found(Membership membership) throws Exception {
        for (int id : membership.ids()) {
            Files.createDirectories(data(id));
            Files.createFile(data(id).resolve("initialize"));
            start(id, MembershipText.lines(membership, this::endpoint));
        }
        for (int id : membership.ids()) {
            await(id, server -> server.serving().isPresent());
        }
    }

    /** Starts a server with an empty disk as an observer beside the members. */
    void startAsLearner(int id, Membership members) throws IOException {
        List<String> lines = new ArrayList<>(MembershipText.lines(members, this::endpoint));
        lines.add(MembershipText.line(id, false, endpoint(id)));
        start(id, lines);
    }

    private void start(int id, List<String> membership) throws IOException {
        Files.createDirectories(data(id));
        believesToBeAt(id, "127.0.0.1");
        Files.writeString(data(id).resolve("myid"), id + "\n");
        Path dynamic = home(id).resolve("zoo.cfg.dynamic");
        Files.write(dynamic, membership);
        List<String> lines = new ArrayList<>();
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        lines.add("dataDir=" + data(id));
        lines.add("dynamicConfigFile=" + dynamic);
        Files.write(home(id).resolve("zoo.cfg"), lines);
        run(id);
    }

    /** Starts a server with its existing files. */
    void run(int id) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(
                        java.toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.net.hosts.file=" + home(id).resolve("hosts"),
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        home(id).resolve("zoo.cfg").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(id).toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        processes.put(id, builder.start());
    }

    private static String name(int id) {
        return "server-" + id + ".test";
    }

    /** Makes a server resolve its own name to this address of loopback from its next lookup on. */
    void believesToBeAt(int id, String address) throws IOException {
        List<String> hosts = new ArrayList<>();
        for (int other = 1; other <= MOST; other++) {
            hosts.add((other == id ? address : "127.0.0.1") + " " + name(other));
        }
        Path next = home(id).resolve("hosts.new");
        Files.write(next, hosts);
        Files.move(next, home(id).resolve("hosts"), StandardCopyOption.REPLACE_EXISTING);
    }

    void kill(int id) {
        processes
                .remove(id)
                .destroyForcibly()
                .onExit()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Sends a signal, such as STOP or CONT, to the server's process. */
    void signal(String name, int id) throws IOException, InterruptedException {
        long pid = processes.get(id).pid();
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Deletes what is on the disk of a server that does not run. */
    void wipe(int id) throws IOException {
        try (Stream<Path> files = Files.walk(home(id))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The exit code of the server's process. */
    int exitCode(int id) {
        return processes
                .get(id)
                .onExit()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join()
                .exitValue();
    }

    Path home(int id) {
        return dir.resolve("server-" + id);
    }

    Path data(int id) {
        return home(id).resolve("data");
    }

    private Path log(int id) {
        return home(id).resolve("output.log");
    }

    Endpoint endpoint(int id) {
        return endpoints.computeIfAbsent(id, missing -> {
            int first = FreePorts.consecutive(3, "127.0.0.1");
            return new Endpoint(name(id), first, first + 1, "127.0.0.1", first + 2);
        });
    }

    HostPort address(int id) {
        return new HostPort("127.0.0.1", endpoint(id).clientPort());
    }

    Server probe(int id) {
        return probe.ask(address(id));
    }

    /** The report of the server, which must be serving. */
    Server.Serving serving(int id) {
        return probe(id).serving().orElseThrow();
    }

    Membership committed(int id) {
        return serving(id).membership();
    }

    int leader() throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            for (int id : processes.keySet()) {
                if (probe(id)
                        .serving()
                        .filter(it -> it.role() == Server.Role.LEADER)
                        .isPresent()) {
                    return id;
                }
            }
            assertThat(System.nanoTime()).as("time for a leader").isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** Probes until the server is serving as expected; fails with the last answer. */
    Server.Serving await(int id, Predicate<Server> expected) throws InterruptedException {
        return until(id, expected).serving().orElseThrow();
    }

    /** Probes until the server is as expected, serving or not; fails with the last answer. */
    Server until(int id, Predicate<Server> expected) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        Server observed = probe(id);
        while (!expected.test(observed)) {
            assertThat(System.nanoTime())
                    .as("time for member %s, %s, which printed:\n%s", id, observed, output(id))
                    .isLessThan(end);
            Thread.sleep(50);
            observed = probe(id);
        }
        return observed;
    }

    /** The end of what the server has printed. */
    private String output(int id) {
        try {
            List<String> lines = Files.readAllLines(log(id));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        for (int id : List.copyOf(processes.keySet())) {
            kill(id);
        }
        probe.close();
    }
}
