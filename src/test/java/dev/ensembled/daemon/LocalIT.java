package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.Ensembled;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ensembled local} as a person uses it: the packaged daemon, real servers, and pushes by git. */
class LocalIT {
    private static final String FILE = "ensembles/production/zookeeper.yaml";

    @TempDir
    Path dir;

    private LocalDaemon daemon;
    private NotifiedServer notified;

    @BeforeEach
    void start() throws IOException {
        notified = new NotifiedServer();
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        notified.close();
        if (daemon != null) {
            daemon.killEverything();
        }
    }

    @Test
    void pushRestartsTheLeaderLastAndLosesNoWrite() throws Exception {
        // Given the sample's ensembles, a receiver of notifications, and a client's write
        daemon = LocalDaemon.start(dir, "-Densembled.notifications=" + notified.receivers(dir));
        daemon.awaitWell("zookeeper/production", "zookeeper/dev");
        Map<Integer, LocalDaemon.Member> before = daemon.members("production");
        int leader = leaderOf(before);
        Clients.create(daemon.connectString("production"), "/kept", "acknowledged");

        // When a change is pushed
        daemon.push(FILE, text -> text.replaceFirst("maxClientCnxns: \\d+", "maxClientCnxns: 71"));
        Map<Integer, Long> order = restarts(before);

        // Then each server was restarted once, the leader last, and has the change
        daemon.awaitWell("zookeeper/production");
        assertThat(order.keySet()).hasSize(3).last().isEqualTo(leader);
        daemon.members("production").values().forEach(member -> {
            assertThat(member.pid()).isEqualTo(order.get(member.id()));
            assertThat(Clients.configuration(member.clientAddress())).contains("maxClientCnxns=71");
        });
        assertThat(Clients.read(daemon.connectString("production"), "/kept")).isEqualTo("acknowledged");
        // And the other ensemble was not restarted
        assertThat(daemon.members("dev")).hasSize(1);
        // And the log has the story of the rollout: the restarts in their order, and its end
        LocalDaemon.eventually(
                "the log says that the rollout is done",
                () -> logged("rollout done").size() == 2);
        assertThat(logged("step taken"))
                .filteredOn(line -> line.contains("step=RestartingMember"))
                .extracting(line -> line.replaceFirst(".* member=(\\d+) .*", "$1"))
                .containsExactlyElementsOf(
                        order.keySet().stream().map(String::valueOf).toList());
        assertThat(logged("member back")).hasSize(3);
        // And the receiver got when it began and ended, of this ensemble only
        LocalDaemon.eventually(
                "both rollouts are notified", () -> notified.received().size() == 4);
        assertThat(notified.received())
                .extracting(one ->
                        one.path("name").asText() + " " + one.path("type").asText())
                .containsExactly(
                        "production rollout.began",
                        "production rollout.done",
                        "production rollout.began",
                        "production rollout.done");
        assertThat(notified.received().get(3).path("restarts").asInt()).isEqualTo(3);
        // And the metrics show the rollout, and the servers as they are
        metricsShowTheRollout();
    }

    private void metricsShowTheRollout() throws Exception {
        String production = "{ensemble=\"production\",ensemble_namespace=\"zookeeper\"";
        List<String> metrics = daemon.metrics();
        assertThat(metrics)
                .contains(
                        "ensembled_steps_total" + production + ",outcome=\"applied\",step=\"RestartingMember\"} 3.0",
                        "ensembled_rollout_seconds_count" + production + "} 2",
                        "ensembled_restart_seconds_count{phase=\"asked\"} 3",
                        "ensembled_restart_seconds_count{phase=\"proven\"} 3",
                        "ensembled_ensemble_condition" + production + ",type=\"Ready\"} 1.0",
                        "ensembled_members_healthy" + production + "} 3.0",
                        "ensembled_notification_queue_depth{receiver=\"test\"} 0.0");
        daemon.members("production").forEach((id, member) -> assertThat(metrics)
                .contains("ensembled_member_role" + production + ",member=\"" + id + "\",role=\"" + member.role()
                        + "\"} 1.0"));
        // And the documentation has their names, and no others than these, which nothing here causes
        Set<String> exported = names(metrics.stream().filter(line -> line.startsWith("# TYPE ")));
        Set<String> documented = names(Files.readAllLines(Path.of("../docs/metrics.md")).stream());
        assertThat(documented)
                .containsAll(exported)
                .filteredOn(name -> !exported.contains(name))
                .containsExactlyInAnyOrder("ensembled_drift_repairs_total", "ensembled_forge_queue_depth");
        try (Stream<Path> files = Files.list(Path.of("../k8s/components/metrics"))) {
            for (Path file : files.toList()) {
                assertThat(documented).as(file.toString()).containsAll(names(Files.readAllLines(file).stream()));
            }
        }
    }

    /** The metrics that a text names, without the suffixes of histograms and summaries. */
    private static Set<String> names(Stream<String> lines) {
        return lines.flatMap(line ->
                        Pattern.compile("ensembled_[a-z_]+").matcher(line).results())
                .map(found -> found.group().replaceFirst("_seconds_(max|bucket|count|sum)$", "_seconds"))
                .filter(name -> !name.startsWith("ensembled_system"))
                .collect(Collectors.toSet());
    }

    /** The lines of the log about the ensemble in production with this message. */
    private List<String> logged(String message) throws IOException {
        return Files.readAllLines(dir.resolve("daemon.log")).stream()
                .filter(line -> line.contains(" " + message + " ensemble=zookeeper/production "))
                .toList();
    }

    @Test
    void planNamesTheRestartsThatThePushThenMakes() throws Exception {
        // Given a clone with a change that is not pushed
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production", "zookeeper/dev");
        Map<Integer, LocalDaemon.Member> before = daemon.members("production");
        assertThat(plan(daemon.edit("README.md", text -> text + "changed")).exitCode())
                .isZero();
        Path clone = daemon.edit(FILE, text -> text.replaceFirst("maxClientCnxns: \\d+", "maxClientCnxns: 72"));

        // When the plan is requested, and then the change is pushed
        Plan plan = plan(clone);
        daemon.push(clone);
        Map<Integer, Long> order = restarts(before);

        // Then the servers are restarted as the plan has said
        assertThat(plan.exitCode()).isEqualTo(2);
        assertThat(plan.document().path("ensembles").findValuesAsText("name")).contains("production");
        JsonNode production = plan.ensemble("production");
        assertThat(production.path("action").asText()).isEqualTo("UPDATE");
        assertThat(production.path("changes").findValuesAsText("path")).containsExactly("config.maxClientCnxns");
        assertThat(plan.restarts("production")).containsExactlyElementsOf(order.keySet());
        assertThat(plan.ensemble("dev").path("action").asText()).isEqualTo("KEEP");
        // And later plans know how long a restart takes
        daemon.awaitWell("zookeeper/production");
        JsonNode later = plan(daemon.edit(
                        FILE, text -> text.replaceFirst("maxClientCnxns: \\d+", "maxClientCnxns: 73")))
                .ensemble("production");
        assertThat(later.findValues("expectedSeconds")).hasSize(3);
    }

    @Test
    void planOfInvalidOrRefusedFilesHasAnExitCodeOfItsOwn() throws Exception {
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");

        Plan invalid = plan(daemon.edit(FILE, text -> text.replaceFirst("voters: 3", "voters: 4")));
        Plan refused = plan(daemon.edit(FILE, text -> text.replaceFirst("version: \\S+", "version: 3.8.6")));

        assertThat(invalid.exitCode()).isEqualTo(1);
        assertThat(invalid.document().path("violations").get(0).path("file").asText())
                .isEqualTo(FILE);
        assertThat(invalid.ensemble("production").path("action").asText()).isEqualTo("HOLD");
        assertThat(refused.exitCode()).isEqualTo(3);
    }

    @Test
    void planRequiresTheTokenThatOnlyTheOwnerCanRead() throws Exception {
        daemon = LocalDaemon.start(dir);
        Path token = dir.resolve("token");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        assertThat(daemon.post("/api/v1/plan", "{}")).isEqualTo(401);
        assertThat(daemon.post("/api/v1/plan", "{}", "Authorization", "Bearer wrong"))
                .isEqualTo(401);
        String authorization = "Bearer " + Files.readString(token);
        assertThat(daemon.post("/api/v1/plan", "{}", "Authorization", authorization))
                .isEqualTo(200);
        assertThat(daemon.post("/api/v1/plan", "{\"files\":", "Authorization", authorization))
                .isEqualTo(400);
        assertThat(daemon.post("/api/v1/plan", "[".repeat(100_000), "Authorization", authorization))
                .isEqualTo(400);
        assertThat(daemon.post("/api/fetch", "x".repeat(20_000))).isEqualTo(413);
    }

    /** What the command printed, and its exit code. */
    private record Plan(int exitCode, JsonNode document) {
        JsonNode ensemble(String name) {
            for (JsonNode ensemble : document.path("ensembles")) {
                if (ensemble.path("id").path("name").asText().equals(name)) {
                    return ensemble;
                }
            }
            throw new AssertionError("no plan of " + name + " in " + document.toPrettyString());
        }

        List<Integer> restarts(String name) {
            List<Integer> members = new ArrayList<>();
            ensemble(name).path("steps").forEach(step -> {
                if (step.path("restart").asBoolean()) {
                    members.add(step.path("member").asInt());
                }
            });
            return members;
        }
    }

    private Plan plan(Path clone) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Ensembled.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("plan", "--dir", dir.toString(), "-o", "json", clone.toString());
        assertThat(err.toString()).isEmpty();
        return new Plan(exitCode, new ObjectMapper().readTree(out.toString()));
    }

    @Test
    void serversOutliveAKilledDaemonAndAreAdoptedByTheNext() throws Exception {
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");
        Clients.create(daemon.connectString("production"), "/kept", "acknowledged");
        Map<Integer, LocalDaemon.Member> before = daemon.members("production");

        // A killed server is started again
        LocalDaemon.Member victim = before.get(1);
        ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
        LocalDaemon.eventually("server 1 is back", () -> {
            LocalDaemon.Member now = daemon.members("production").get(1);
            return now.pid() != 0 && now.pid() != victim.pid() && !now.role().equals("down");
        });
        daemon.awaitWell("zookeeper/production");
        Map<Integer, LocalDaemon.Member> running = daemon.members("production");

        // A killed daemon leaves servers that the next one takes over unchanged
        daemon.kill();
        running.values()
                .forEach(member -> assertThat(ProcessHandle.of(member.pid())).isPresent());
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");
        assertThat(daemon.members("production").values())
                .extracting(LocalDaemon.Member::pid)
                .containsExactlyElementsOf(
                        running.values().stream().map(LocalDaemon.Member::pid).toList());

        // An interrupt ends every process, and the next start finds the data
        daemon.interrupt();
        LocalDaemon.eventually("every server has ended", () -> running.values().stream()
                .allMatch(member -> ProcessHandle.of(member.pid()).isEmpty()));
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");
        assertThat(Clients.read(daemon.connectString("production"), "/kept")).isEqualTo("acknowledged");
    }

    @Test
    void invalidPushShowsInHealthAndChangesNothing() throws Exception {
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");
        Map<Integer, LocalDaemon.Member> before = daemon.members("production");

        daemon.push(FILE, text -> text.replaceFirst("voters: 3", "voters: 4"));

        LocalDaemon.eventually(
                "the violation is reported", () -> daemon.health("well").contains(FILE + ":"));
        assertThat(daemon.healthStatus("well")).isEqualTo(503);
        assertThat(daemon.healthStatus("live")).isEqualTo(200);
        assertThat(daemon.healthStatus("ready")).isEqualTo(200);
        assertThat(daemon.healthStatus("started")).isEqualTo(200);
        assertThat(daemon.members("production")).isEqualTo(before);
        assertThat(daemon.page()).contains("zookeeper/production");
        assertThat(daemon.page("/ensembles/zookeeper/production")).contains("follower");
        assertThat(daemon.page("/sources")).contains(FILE + ":");

        assertThat(LocalDaemon.runToEnd(dir)).isEqualTo(2);
    }

    @Test
    void invalidGitSettingsEndTheDaemonWithAnExitCode() throws Exception {
        assertThat(LocalDaemon.runToEnd(dir, "-Densembled.git.branch=no such")).isEqualTo(2);

        assertThat(Files.readString(dir.resolve("output.log")))
                .contains("ensembled: invalid configuration: invalid branch name \"no such\"")
                .doesNotContain("NullPointerException");
    }

    @Test
    void portForWebhooksThatIsInUseEndsTheDaemonBeforeItActs() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();

            assertThat(LocalDaemon.runToEnd(dir, "-Densembled.webhook.port=" + port))
                    .isNotZero();

            assertThat(Files.readString(dir.resolve("output.log")))
                    .contains("ensembled failed to start: ")
                    .contains("cannot listen for webhooks at port " + port)
                    .contains("Set ENSEMBLED_WEBHOOK_PORT to a free port")
                    .doesNotContain("restart member");
            assertThat(dir.resolve("endpoints.json")).doesNotExist();
        }
    }

    @Test
    void pushScalesServersAndLeavesTheOthersUntouched() throws Exception {
        // Given three servers with a client's write
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production");
        Map<Integer, LocalDaemon.Member> three = daemon.members("production");
        Clients.create(daemon.connectString("production"), "/kept", "acknowledged");

        // When five are pushed, then two more servers have the client's write
        daemon.push(FILE, text -> text.replaceFirst("voters: 3", "voters: 5"));
        LocalDaemon.eventually("five servers serve", () -> serving(daemon.members("production"))
                .equals(Set.of(1, 2, 3, 4, 5)));
        daemon.awaitWell("zookeeper/production");
        Map<Integer, LocalDaemon.Member> five = daemon.members("production");
        assertThat(pids(five)).containsAllEntriesOf(pids(three));
        assertThat(Clients.configuration(five.get(1).clientAddress())).contains("server.5=");
        assertThat(Clients.read(five.get(5).clientAddress(), "/kept")).isEqualTo("acknowledged");

        // When three are pushed, then the others were never restarted
        daemon.push(FILE, text -> text.replaceFirst("voters: 5", "voters: 3"));
        LocalDaemon.eventually(
                "three servers are left", () -> daemon.members("production").size() == 3);
        daemon.awaitWell("zookeeper/production");
        assertThat(pids(daemon.members("production"))).isEqualTo(pids(three));
        assertThat(Clients.configuration(five.get(1).clientAddress())).doesNotContain("server.4=");
        assertThat(Clients.read(daemon.connectString("production"), "/kept")).isEqualTo("acknowledged");
    }

    private static Set<Integer> serving(Map<Integer, LocalDaemon.Member> members) {
        return members.values().stream()
                .filter(member -> List.of("leader", "follower").contains(member.role()))
                .map(LocalDaemon.Member::id)
                .collect(Collectors.toSet());
    }

    private static Map<Integer, Long> pids(Map<Integer, LocalDaemon.Member> members) {
        return members.values().stream().collect(Collectors.toMap(LocalDaemon.Member::id, LocalDaemon.Member::pid));
    }

    private static int leaderOf(Map<Integer, LocalDaemon.Member> members) {
        return members.values().stream()
                .filter(member -> member.role().equals("leader"))
                .map(LocalDaemon.Member::id)
                .findFirst()
                .orElseThrow();
    }

    /** Follows a roll until each server has another process: by server, in the order of their restarts. */
    private Map<Integer, Long> restarts(Map<Integer, LocalDaemon.Member> before) throws Exception {
        Map<Integer, Long> order = new LinkedHashMap<>();
        LocalDaemon.eventually("each server was restarted", () -> {
            List<LocalDaemon.Member> now =
                    List.copyOf(daemon.members("production").values());
            now.stream()
                    .filter(member -> member.pid() != 0
                            && member.pid() != before.get(member.id()).pid())
                    .filter(member -> Optional.ofNullable(order.put(member.id(), member.pid()))
                            .filter(pid -> pid != member.pid())
                            .isPresent())
                    .findFirst()
                    .ifPresent(member -> {
                        throw new AssertionError("server " + member.id() + " was restarted twice");
                    });
            return order.size() == before.size();
        });
        return order;
    }
}
