package dev.ensembled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedHold;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on the state directory of a local daemon. */
class LocalCommandsTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final String SINCE = "2026-11-27T10:00:00Z";

    @TempDir
    Path dir;

    private LocalStore store;

    @BeforeEach
    void accept() {
        store = new LocalStore(dir, Clock.systemUTC());
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ID.namespace())
                .withName(ID.name())
                .build());
        resource.setSpec(LocalEnsemble.spec(3, 0, Map.of("tickTime", "1000")));
        store.accept(resource, source("Synced", null));
    }

    private static SourceStatus source(String state, String message) {
        return new SourceStatus(
                "4fc6ba8abd0123456789", "ensembles/kafka.yaml", state, message, "https://git/config?ref=main", "here");
    }

    private CommandRun run(String command, Object... more) {
        Object[] all = new Object[more.length + 3];
        all[0] = command;
        all[1] = "--dir";
        all[2] = dir;
        System.arraycopy(more, 0, all, 3, more.length);
        return CommandRun.of(all);
    }

    private void report(String ready, String stalled, Gate gate, String reason) {
        report(ready, stalled, gate, reason, source("Synced", null));
    }

    private void report(String ready, String stalled, Gate gate, String reason, SourceStatus source) {
        boolean reconciling = ready.equals("False") && stalled.equals("False");
        store.writeStatus(
                ID,
                EnsembleStatus.empty(),
                new EnsembleStatus(
                        1L,
                        List.of(
                                new Condition("Ready", ready, "Any", reason, SINCE, 1L),
                                new Condition("Reconciling", reconciling ? "True" : "False", "Any", reason, SINCE, 1L),
                                new Condition("Stalled", stalled, "Any", reason, SINCE, 1L)),
                        2,
                        "100000000",
                        List.of(1, 2, 3),
                        List.of(),
                        true,
                        List.of(
                                new MemberStatus(1, "kafka-0", "follower", "0x1", "old", true, SINCE),
                                new MemberStatus(2, "kafka-1", "leader", "0x1", "new", true, SINCE)),
                        gate == null ? null : new RolloutStatus(null, gate.toString(), reason, SINCE, 1),
                        null,
                        null,
                        null,
                        null,
                        source));
    }

    private Requests requests() {
        return new LocalStore(dir, Clock.systemUTC()).get(ID).orElseThrow().requests();
    }

    @Test
    void historyPrintsCommitsWithTheirStepsAndHoldsInOrder() throws Exception {
        assertThat(run("history", "kafka").out()).startsWith("no history of streaming/kafka yet");
        Instant start = Instant.parse(SINCE);
        RecordedStep restart = new RecordedStep(
                "RestartingMember",
                "restart member 2",
                2,
                "follower",
                "uid",
                List.of(RestartReason.CONFIG_CHANGED),
                "outdated",
                start.plusSeconds(40),
                start.plusSeconds(52),
                RecordedStep.State.Completed);
        RecordedHold hold = new RecordedHold("budget", "zk-budget allows none", false, start, start.plusSeconds(40));
        RecordedCommit first = new RecordedCommit(
                "4fc6ba8abd0123456789", 3, null, start, start.plusSeconds(60), List.of(restart), List.of(hold));
        RecordedCommit second = new RecordedCommit("5fc6ba8abd0123456789", 4, null, start, null, List.of(), List.of());
        store.writeHistory(ID, History.EMPTY, new History(List.of(first, second)));

        List<String> lines = run("history", "kafka").out().lines().toList();

        assertThat(lines.get(0)).isEqualTo("commit 4fc6ba8abd, generation 3: done in 60s, 2026-11-27T10:01:00Z");
        assertThat(lines.get(2)).contains("2026-11-27T10:00:00Z", "held: budget", "40s", "zk-budget allows none");
        assertThat(lines.get(3))
                .contains("2026-11-27T10:00:40Z", "restart member 2", "follower", "12s", "configuration changed");
        assertThat(lines.get(5)).startsWith("commit 5fc6ba8abd, generation 4: not done, begun");
        assertThat(run("history", "kafka", "--commits", "1").out()).doesNotContain("4fc6ba8abd");
        assertThat(new ObjectMapper()
                        .readTree(run("history", "kafka", "-o", "json").out())
                        .path("commits"))
                .hasSize(2);
    }

    @Test
    void getPrintsOneLineForEachEnsemble() {
        report(
                "False",
                "False",
                Gate.BUDGET,
                "blocked by budget kafka-budget, which allows no disruption now, for long");

        CommandRun run = run("get");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "NAMESPACE   NAME    READY   VERSION   STATE             REASON"
                                + "                                                         COMMIT       AGE",
                        "streaming   kafka   False   3.9.5     Waiting: budget   "
                                + "blocked by budget kafka-budget, which allows no disruptio...   4fc6ba8abd   -");
        assertThat(run("get", "-o", "wide").out()).contains("which allows no disruption now, for long");
        assertThat(run("get", "-o", "name").out()).isEqualTo("zookeeperensemble.ensembled.dev/kafka\n");
        assertThat(run("get", "-n", "other").out().lines()).hasSize(1);
    }

    @Test
    void getPrintsResourcesForScripts() throws IOException {
        report("True", "False", null, "all is well");

        JsonNode list = new ObjectMapper().readTree(run("get", "-o", "json").out());
        JsonNode one =
                new YAMLMapper().readTree(run("get", "kafka", "-o", "yaml").out());

        assertThat(list.path("kind").asText()).isEqualTo("List");
        assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("kafka");
        assertThat(list.at("/items/0/status/leader").asInt()).isEqualTo(2);
        assertThat(one.path("kind").asText()).isEqualTo("ZooKeeperEnsemble");
        assertThat(one.at("/spec/version").asText()).isEqualTo("3.9.5");
    }

    @Test
    void statusSaysWhatHoldsTheEnsembleAndWhatOpensIt() {
        report("False", "False", Gate.BUDGET, "blocked by budget kafka-budget");

        CommandRun run = run("status", "kafka");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("streaming/kafka: Waiting: budget\n")
                .contains("blocked by budget kafka-budget\n")
                .contains("  since       " + SINCE + " (")
                .contains("  waits for   controllers\n")
                .contains("  opens when  a budget allows a disruption again.\n")
                .contains("  see         docs/stalled.md#budget\n")
                .contains("  ZooKeeper   3.9.5, 3 voters\n")
                .contains("  outdated    1 member\n")
                .contains(
                        "  source      Synced, commit 4fc6ba8abd0123456789, ensembles/kafka.yaml of https://git/config")
                .containsPattern("2 +kafka-1 +leader +yes +new ")
                .doesNotContain("\u001b");
    }

    @Test
    void statusForScriptsHasTheGateAndTheCommandThatOpensIt() throws IOException {
        report("False", "False", Gate.APPROVAL, "the restart of member 2 (leader) waits for approval");

        JsonNode status =
                new ObjectMapper().readTree(run("status", "kafka", "-o", "json").out());

        assertThat(status.path("state").asText()).isEqualTo("Held");
        assertThat(status.path("needsPerson").asBoolean()).isTrue();
        assertThat(status.at("/gate/name").asText()).isEqualTo("approval");
        assertThat(status.path("command").asText())
                .isEqualTo("ensembled approve kafka -n streaming --local --dir " + dir);
    }

    @Test
    void waitEndsWithTheCodeOfTheState() {
        report("True", "False", null, "all is well");
        assertThat(run("status", "kafka", "--wait").code()).isZero();

        report("True", "False", null, "all is well", source("Held", "kafka.yaml:4:1: no"));
        assertThat(run("status", "kafka", "--wait").code()).isEqualTo(3);

        report("False", "True", Gate.MEMBER_CRASHING, "member 2 ends again and again");
        assertThat(run("status", "kafka", "--wait").code()).isEqualTo(3);

        report("False", "False", Gate.SETTLE, "waiting");
        CommandRun late = run("status", "kafka", "--wait", "--timeout", "0s");
        assertThat(late.code()).isEqualTo(1);
        assertThat(late.err()).contains("not settled within 0 s");
        assertThat(run("status", "kafka", "--wait", "--timeout", "soon").code()).isEqualTo(2);
    }

    @Test
    void aStatusOfAnEarlierSpecCountsAsPending() {
        report("True", "False", null, "all is well");
        ZooKeeperEnsemble changed = new ZooKeeperEnsemble();
        changed.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ID.namespace())
                .withName(ID.name())
                .build());
        changed.setSpec(LocalEnsemble.spec(3, 0, Map.of("tickTime", "3000")));
        store.accept(changed, source("Synced", null));

        assertThat(run("get").out()).contains("Pending").contains("generation 2");
        assertThat(run("approve", "kafka").code()).isEqualTo(1);
    }

    @Test
    void approvalIsForThisGenerationAndOnlyIfOneIsWaitedFor() {
        report("False", "False", Gate.BUDGET, "blocked");
        CommandRun refused = run("approve", "kafka");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("nothing waits for an approval: streaming/kafka is \"Waiting: budget\"");
        assertThat(requests().approval()).isEmpty();

        report("False", "False", Gate.APPROVAL, "the restart of member 2 waits for approval");
        assertThat(run("approve", "kafka", "--members", "2,1").out())
                .isEqualTo("approved: restarts of member 1, 2 of streaming/kafka, for generation 1\n");
        assertThat(requests().approves(1, 2, false)).isTrue();
        assertThat(requests().approves(1, 3, true)).isFalse();
        assertThat(requests().approves(2, 2, false)).isFalse();

        assertThat(run("approve", "kafka", "--members", "4").err()).contains("has no member 4");
        assertThat(run("approve", "kafka", "--leader", "--members", "2").code()).isEqualTo(2);
        run("approve", "kafka", "--leader");
        assertThat(requests().approval()).contains("1:leader");
        run("approve", "kafka");
        assertThat(requests().approval()).contains("1");
    }

    @Test
    void removalIsConfirmedForTheCommitThatTheStatusNames() {
        String commit = "9e1ba8abd0123456789";
        assertThat(run("approve", "kafka", "--removal", commit).err())
                .contains("no removal waits for a confirmation: the source of streaming/kafka is not reported");
        SourceStatus waiting = source("Synced", null)
                .with("RemovalPending", "Commit 9e1ba8abd0 removes it", new PendingRemoval(commit, 2, true));
        report("True", "False", null, "all is well", waiting);

        assertThat(run("get").out()).contains("RemovalPending: Commit 9e1ba8abd0 removes it");
        assertThat(run("status", "kafka").out())
                .contains("  command     ensembled approve kafka -n streaming --local --dir " + dir + " --removal "
                        + commit)
                .contains("  source      RemovalPending, commit 4fc6ba8abd0123456789");
        assertThat(run("status", "kafka", "--wait").code()).isEqualTo(3);
        assertThat(run("approve", "kafka", "--removal", "9e1ba").code())
                .as("too short")
                .isEqualTo(1);
        assertThat(run("approve", "kafka", "--removal", "4fc6ba8abd").err())
                .contains("by commit " + commit + " waits for a confirmation, not by 4fc6ba8abd");
        assertThat(requests().confirmedRemoval()).isEmpty();

        assertThat(run("approve", "kafka", "--removal", "9e1ba8abd0").out())
                .isEqualTo("confirmed: commit " + commit + " removes streaming/kafka, which is deleted\n");
        assertThat(requests().confirmedRemoval()).contains(commit);
    }

    @Test
    void pauseHoldsUntilResumeAndNamesThePersonAndTheReason() {
        CommandRun paused = run("pause", "kafka", "--reason", "load\u001b test");

        assertThat(paused.out()).contains("to resume: ensembled resume kafka -n streaming --local --dir " + dir);
        assertThat(requests().paused().orElseThrow())
                .startsWith(System.getProperty("user.name") + " at 20")
                .endsWith("Z: load? test");
        report("False", "False", Gate.PAUSED, "the annotation ensembled.dev/paused is set");
        assertThat(run("status", "kafka").out())
                .contains("paused      the annotation ensembled.dev/paused is set (")
                .contains("command     ensembled resume kafka");

        assertThat(run("resume", "kafka").out()).contains("resumed: streaming/kafka, which was paused by ");
        assertThat(requests()).isEqualTo(Requests.NONE);
        assertThat(run("resume", "kafka").out()).isEqualTo("not paused: streaming/kafka\n");
        assertThat(run("pause", "kafka", "--reason", "x".repeat(201)).code()).isEqualTo(1);
    }

    @Test
    void reconcileMakesANewRequestEachTime() {
        run("reconcile", "kafka");
        Optional<String> first = requests().reconcileNow();
        run("reconcile", "kafka");

        assertThat(first).isPresent();
        assertThat(requests().reconcileNow()).isPresent().isNotEqualTo(first);
    }

    @Test
    void requestsEndWithTheirEnsemble() {
        run("pause", "kafka");
        store.remove(ID, source("Synced", null));
        accept();

        assertThat(requests()).isEqualTo(Requests.NONE);
    }

    @Test
    void errorsNameTheTargetAndWhatToDo() throws IOException {
        assertThat(run("status", "solr").err())
                .contains("no ensemble solr in the local state directory " + dir)
                .contains("\"ensembled get\" lists the ensembles");
        assertThat(run("get", "--context", "x").err()).contains("choose the local daemon or a cluster");
        assertThat(CommandRun.of("get", "--dir", dir.resolve("none")).err())
                .contains("no ensembles in the local state directory")
                .contains("ensembled local");
        assertThat(CommandRun.of("get", "--kubeconfig", dir.resolve("none")).err())
                .contains("cannot read the kubeconfig " + dir.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"id\": {\"namespace\": \"streaming\", \"name\": \"solr\"}, \"spec\": {\"version\": \"3.9.5\"}}",
                "{\"id\": {\"namespace\": \"streaming\", \"name\": \"kafka\"}}",
                "{\"id\": {\"namespace\": \"streaming\", \"name\": \"kafka\"}, \"spec\": {\"version\": 3}}"
            })
    void damagedFileIsNamedWithWhatToDo(String content) throws IOException {
        Path file = Files.writeString(dir.resolve("store/streaming.kafka.json"), content);

        CommandRun damaged = run("get");

        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.err()).contains(file + " cannot be read: ").contains("Restore it from a backup");
        assertThat(file).hasContent(content);
    }

    @Test
    void statusOfAnotherVersionIsNamed() throws IOException {
        Files.writeString(
                dir.resolve("store/streaming.kafka.json"),
                """
                {"id": {"namespace": "streaming", "name": "kafka"}, "spec": {"version": "3.9.5"}, "status": {"members": "3"}}
                """);

        CommandRun run = run("status", "kafka");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the status of ensemble streaming/kafka cannot be read");
    }

    @Test
    void damagedHistoryIsNamedAndLeftToTheDaemon() throws IOException {
        Path file = Files.writeString(dir.resolve("store/streaming.kafka.history"), "{");

        CommandRun run = run("history", "kafka");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(file + " cannot be read: ");
        assertThat(file).hasContent("{");
    }
}
