package dev.ensembled.e2e.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Injects faults into the cluster that the script in ENSEMBLED_TEST_CLUSTER creates. */
public final class ClusterFaults {
    /** The option sun.net.inetaddr.ttl of the servers. */
    private static final int ADDRESS_CACHE_MILLIS = 1_000;

    private static final String SERVER = "QuorumPeerMain";
    private static final String DAEMON = "quarkus-run.jar";

    private final Path script;

    public ClusterFaults() {
        script = TestCluster.script().orElseThrow();
    }

    public void restartApiServer() {
        Command.of(script.toString(), "restart", "apiserver").run();
    }

    /** Drops every packet between this pod and all others. */
    public void isolate(String namespace, String pod) {
        Command.of(script.toString(), "partition", namespace + "/" + pod).run();
    }

    /** Undoes every partition. */
    public void heal() {
        Command.of(script.toString(), "heal").run();
    }

    /** Cuts the power of a node. */
    public void stopNode(String node) {
        Command.of(script.toString(), "stop", node).run();
    }

    /**
     * Starts a node. Its kubelet ends when it starts before containerd answers ("server is not initialized yet"), and is not
     * started again by the cluster, so it is started until it stays.
     */
    public void startNode(String node) {
        start(node);
        String kubelet = node.replace("node-", "kubelet-");
        await(kubelet + " runs").atMost(Duration.ofMinutes(2)).until(() -> {
            Thread.sleep(3_000);
            boolean stays = isRunning(kubelet);
            if (!stays) {
                start(kubelet);
            }
            return stays;
        });
    }

    private void start(String component) {
        Command.of(script.toString(), "start", component)
                .within(Duration.ofMinutes(2))
                .run();
    }

    private boolean isRunning(String component) {
        return Command.of(script.toString(), "status")
                .run()
                .lines()
                .anyMatch(line -> line.startsWith(component + " ") && !line.contains("not running"));
    }

    /** Runs a scenario while a component of the control plane is frozen: it holds its connections and does nothing. */
    public void whileFrozen(String component, Runnable scene) {
        Command.of(script.toString(), "pause", component).run();
        try {
            scene.run();
        } finally {
            Command.of(script.toString(), "resume", component).run();
        }
    }

    /** Freezes the ZooKeeper server in a pod (SIGSTOP): it holds its sockets and does not answer. */
    public void pause(PodEvent pod) {
        signal("STOP", pod);
    }

    public void resume(PodEvent pod) {
        signal("CONT", pod);
    }

    /** Resumes a server at the end of a scenario, in which the pod may have been replaced. */
    public void resumeIfThere(PodEvent pod) {
        signal("CONT", processes(pod.uid(), SERVER));
    }

    /** Freezes the daemon in the pod with this UID. */
    public void pauseDaemon(String uid) {
        signal("STOP", processes(uid, DAEMON));
    }

    /** Resumes the daemon in the pod with this UID, if it is still there. */
    public void resumeDaemon(String uid) {
        signal("CONT", processes(uid, DAEMON));
    }

    /**
     * Makes a name resolve to another address in a pod, until {@link #nameRightly}. Returns when the server no longer has
     * the former address in the cache of its JVM.
     */
    public void misname(PodEvent pod, String name, String address) {
        rewriteHosts(pod, hosts -> address + " " + name + "\n" + hosts);
        Pause.millis(2 * ADDRESS_CACHE_MILLIS);
    }

    /** Removes from a pod the address that {@link #misname} gave to a name. */
    public void nameRightly(PodEvent pod, String name, String address) {
        rewriteHosts(pod, hosts -> hosts.replace(address + " " + name + "\n", ""));
    }

    private static void rewriteHosts(PodEvent pod, UnaryOperator<String> change) {
        Path hosts = TestCluster.nodeDirectory(pod.node())
                .resolve("var/lib/kubelet/pods")
                .resolve(pod.uid())
                .resolve("etc-hosts");
        try {
            // In place, since this file is mounted into the container; the first line for a name counts.
            Files.writeString(hosts, change.apply(Files.readString(hosts)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Limits what a pod sends to this many megabits per second. */
    public void throttle(PodEvent pod, int megabits) {
        Command.of(
                        "nsenter",
                        "--net",
                        "--target",
                        Long.toString(server(pod)),
                        "tc",
                        "qdisc",
                        "replace",
                        "dev",
                        "eth0",
                        "root",
                        "tbf",
                        "rate",
                        megabits + "mbit",
                        "burst",
                        "64kb",
                        "latency",
                        "400ms")
                .run();
    }

    private static void signal(String signal, PodEvent pod) {
        signal(signal, List.of(server(pod)));
    }

    private static void signal(String signal, List<Long> processes) {
        processes.forEach(
                process -> Command.of("kill", "-" + signal, process.toString()).run());
    }

    private static long server(PodEvent pod) {
        List<Long> processes = processes(pod.uid(), SERVER);
        if (processes.size() != 1) {
            throw new IllegalStateException("Processes of ZooKeeper in " + pod.pod() + ": " + processes);
        }
        return processes.get(0);
    }

    /**
     * Finds the processes of a program in a pod: the nodes' processes run on this machine, and the name of a process' cgroup
     * contains its pod's UID.
     *
     * @param program a part of the command line
     */
    private static List<Long> processes(String uid, String program) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> read(path.resolve("cgroup"))
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')
                            .contains(uid))
                    .filter(path -> read(path.resolve("cmdline")).contains(program))
                    .filter(path -> read(path.resolve("comm")).startsWith("java"))
                    .map(path -> Long.valueOf(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // the process has ended
        }
    }
}
