package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Breaks parts of a cluster that is ours to break: the one whose script ENSEMBLED_TEST_CLUSTER names. */
public final class ClusterFaults {
    private final Path script;

    public ClusterFaults() {
        script = TestCluster.script().orElseThrow();
    }

    public void restartApiServer() {
        Command.of(script.toString(), "restart", "apiserver").run();
    }

    /** Drops every packet between this pod and everybody else. */
    public void isolate(String namespace, String pod) {
        Command.of(script.toString(), "partition", namespace + "/" + pod).run();
    }

    /** Undoes every partition. */
    public void heal() {
        Command.of(script.toString(), "heal").run();
    }

    /** Takes a node's power. */
    public void stopNode(String node) {
        Command.of(script.toString(), "stop", node).run();
    }

    public void startNode(String node) {
        Command.of(script.toString(), "start", node)
                .within(Duration.ofMinutes(2))
                .run();
    }

    /** Plays a scene while a component of the control plane is frozen: it holds its connections and does nothing. */
    public void whileFrozen(String component, Runnable scene) {
        Command.of(script.toString(), "pause", component).run();
        try {
            scene.run();
        } finally {
            Command.of(script.toString(), "resume", component).run();
        }
    }

    /** Freezes the ZooKeeper server in a pod (SIGSTOP): it holds its sockets and answers nobody. */
    public void pause(PodEvent pod) {
        signal("STOP", pod);
    }

    public void resume(PodEvent pod) {
        signal("CONT", pod);
    }

    /** For the end of a scenario, in which the pod may have been replaced. */
    public void resumeIfThere(PodEvent pod) {
        servers(pod.uid()).forEach(process -> Command.of("kill", "-CONT", process.toString())
                .run());
    }

    /** Has a pod believe from now on that a name stands for another address, until it is named rightly again. */
    public void misname(PodEvent pod, String name, String address) {
        rewriteHosts(pod, hosts -> address + " " + name + "\n" + hosts);
    }

    /** Has a pod believe no more what {@link #misname} told it of a name. */
    public void nameRightly(PodEvent pod, String name, String address) {
        rewriteHosts(pod, hosts -> hosts.replace(address + " " + name + "\n", ""));
    }

    private static void rewriteHosts(PodEvent pod, UnaryOperator<String> change) {
        Path hosts = TestCluster.nodeDirectory(pod.node())
                .resolve("var/lib/kubelet/pods")
                .resolve(pod.uid())
                .resolve("etc-hosts");
        try {
            // In place, since the container has this very file mounted; the first line of a name counts.
            Files.writeString(hosts, change.apply(Files.readString(hosts)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a pod sends no more than so many megabits in a second. */
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
        Command.of("kill", "-" + signal, Long.toString(server(pod))).run();
    }

    private static long server(PodEvent pod) {
        List<Long> processes = servers(pod.uid());
        if (processes.size() != 1) {
            throw new IllegalStateException("Processes of ZooKeeper in " + pod.pod() + ": " + processes);
        }
        return processes.get(0);
    }

    /** The nodes' processes are this machine's; the name of a process' cgroup contains its pod's UID. */
    private static List<Long> servers(String uid) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> read(path.resolve("cgroup"))
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')
                            .contains(uid))
                    .filter(path -> read(path.resolve("cmdline")).contains("QuorumPeerMain"))
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
