package dev.ensembled.forge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.HandClock;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.git.GitState;
import dev.ensembled.git.reference.Branch;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.validation.Violation;
import dev.ensembled.stub.StatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolloutStatusesTest {
    private static final EnsembleId KAFKA = new EnsembleId("streaming", "kafka");
    private static final EnsembleId SOLR = new EnsembleId("search", "solr");
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    private final HandClock clock = new HandClock(Instant.EPOCH);
    private final WriteQueue queue = new WriteQueue();
    private final RolloutStatuses statuses = new RolloutStatuses("ensembled/rollout", queue, clock);
    private final Map<EnsembleId, ReconcileResult> results = new TreeMap<>();
    private final Map<EnsembleId, SourceStatus> sources = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private String commit = FIRST;
    private String stored = FIRST;

    /** Records what is written. */
    private final class Recorder implements Forge {
        @Override
        public List<PullRequest> openPullRequests(String branch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ChangedFile> changedFiles(PullRequest pullRequest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void comment(PullRequest pullRequest, String marker, String body, boolean create) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void status(String of, CommitStatus status) {
            assertThat(status.context()).isEqualTo("ensembled/rollout");
            written.add(of.charAt(0) + " " + status.state() + " " + status.description());
        }
    }

    /** Returns what is written for the current state. */
    private List<String> update() throws Exception {
        written.clear();
        GitState state = new GitState(
                "https://git.example.com/config",
                new Branch("main"),
                "",
                Optional.of(new GitState.Commit(commit, Instant.EPOCH, "A change")),
                Optional.of(stored),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                violations,
                List.of(),
                List.of(),
                sources.entrySet().stream()
                        .map(each -> new GitState.Ensemble(each.getKey(), each.getValue(), Optional.empty()))
                        .toList());
        statuses.update(state, results);
        queue.send(new Recorder());
        return written;
    }

    private void source(EnsembleId id, String commitId) {
        sources.put(id, new SourceStatus(commitId, id.name() + ".yaml", "Synced", null));
    }

    /** The last result of an ensemble, for the spec of its source. */
    private void result(EnsembleId id, RolloutStatus rollout, String condition) {
        MemberStatus[] members = IntStream.rangeClosed(1, 3)
                .mapToObj(member -> new MemberStatus(member, "m" + member, "follower", null, null, true, null))
                .toArray(MemberStatus[]::new);
        EnsembleStatus status = StatusBuilder.bootstrapped()
                .conditions(new Condition(condition, "True", null, "Reason", "the message", 1L))
                .members(members)
                .rollout(rollout)
                .source(sources.get(id))
                .build();
        results.put(
                id,
                ReconcileResult.of(
                        new ReconcileCycle.Result(null, null, Optional.empty(), null, status, History.EMPTY),
                        Instant.EPOCH,
                        Duration.ZERO));
    }

    private static RolloutStatus gate(String name, String reason, int outdated) {
        return new RolloutStatus(null, name, reason, null, outdated);
    }

    @Test
    void rollIsPendingWithItsGateAndThenSuccessful() throws Exception {
        source(KAFKA, FIRST);
        assertThat(update()).containsExactly("1 PENDING streaming/kafka: not reconciled yet");
        result(KAFKA, gate("budget", "zk-budget allows no disruption", 1), "Reconciling");
        clock.advance(Duration.ofSeconds(10));
        assertThat(update())
                .containsExactly(
                        "1 PENDING streaming/kafka: 2 of 3, waits at the gate budget: zk-budget allows no disruption");
        result(KAFKA, null, "Ready");
        assertThat(update()).containsExactly("1 SUCCESS streaming/kafka: all members healthy");
    }

    @Test
    void resultOfAnEarlierSpecDoesNotCount() throws Exception {
        source(KAFKA, "0".repeat(40));
        result(KAFKA, null, "Ready");
        source(KAFKA, FIRST);

        assertThat(update()).containsExactly("1 PENDING streaming/kafka: not reconciled yet");
    }

    @Test
    void stallIsAFailureUntilItIsRepaired() throws Exception {
        source(KAFKA, FIRST);
        source(SOLR, FIRST);
        result(SOLR, null, "Ready");
        result(KAFKA, gate("progress", "member 2 did not come back: read its log", 2), "Stalled");
        assertThat(update())
                .containsExactly(
                        "1 FAILURE streaming/kafka: waits at the gate progress: member 2 did not come back: read its log");
        result(KAFKA, null, "Ready");
        assertThat(update()).containsExactly("1 SUCCESS 2 ensembles: all members healthy");
    }

    @Test
    void successIsFinal() throws Exception {
        source(KAFKA, FIRST);
        result(KAFKA, null, "Ready");
        assertThat(update()).hasSize(1);
        result(KAFKA, gate("progress", "a node is down", 0), "Stalled");

        assertThat(update()).isEmpty();
    }

    /** As after a restart: nothing is remembered of the earlier commit. */
    @Test
    void rolloutOfAnEarlierCommitIsContinued() throws Exception {
        source(KAFKA, FIRST);
        source(SOLR, SECOND);
        commit = SECOND;
        stored = SECOND;
        result(SOLR, null, "Ready");
        result(KAFKA, gate("settle", "5 s", 1), "Reconciling");
        assertThat(update())
                .containsExactlyInAnyOrder(
                        "2 SUCCESS search/solr: all members healthy",
                        "1 PENDING streaming/kafka: 2 of 3, waits at the gate settle: 5 s");
        result(KAFKA, null, "Ready");
        assertThat(update()).containsExactly("1 SUCCESS streaming/kafka: all members healthy");
        result(KAFKA, gate("progress", "a node is down", 0), "Stalled");
        assertThat(update()).isEmpty();
    }

    @Test
    void textThatChangesOftenIsWrittenSeldom() throws Exception {
        source(KAFKA, FIRST);
        result(KAFKA, gate("settle", "1 s", 2), "Reconciling");
        assertThat(update()).hasSize(1);
        result(KAFKA, gate("settle", "2 s", 2), "Reconciling");
        assertThat(update()).isEmpty();
        clock.advance(Duration.ofSeconds(10));

        assertThat(update()).hasSize(1);
    }

    @Test
    void earlierCommitIsFollowedUntilItsEnsemblesAreReady() throws Exception {
        source(KAFKA, FIRST);
        result(KAFKA, gate("settle", "1 s", 2), "Reconciling");
        update();
        commit = SECOND;
        stored = SECOND;
        assertThat(update()).containsExactly("2 SUCCESS no ensemble changed");
        result(KAFKA, null, "Ready");

        assertThat(update()).containsExactly("1 SUCCESS streaming/kafka: all members healthy");
        assertThat(update()).isEmpty();
    }

    @Test
    void commitWhoseEnsemblesWereChangedAgainIsCanceled() throws Exception {
        source(KAFKA, FIRST);
        result(KAFKA, gate("settle", "1 s", 2), "Reconciling");
        update();
        commit = SECOND;
        stored = SECOND;
        source(KAFKA, SECOND);

        assertThat(update())
                .containsExactly(
                        "1 CANCELED a later commit changed its ensembles before they were ready",
                        "2 PENDING streaming/kafka: not reconciled yet");
    }

    @Test
    void invalidCommitFailsAndKeepsItsFailure() throws Exception {
        violations.add(new Violation("kafka.yaml", 7, 3, "spec.voters", "must be odd"));
        assertThat(update()).singleElement().asString().startsWith("1 FAILURE invalid: kafka.yaml:7");
        violations.clear();
        commit = SECOND;
        stored = SECOND;
        assertThat(update()).containsExactly("2 SUCCESS no ensemble changed");
        assertThat(update()).isEmpty();
    }
}
