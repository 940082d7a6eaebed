package dev.ensembled.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.progress.ProgressTracker;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.stub.StatusBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a scrape shows after results of cycles. */
class MetricsTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final EnsembleId OTHER = new EnsembleId("search", "solr");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Membership THREE = Membership.ofMajority(1, Set.of(1, 2, 3), Set.of());
    private static final Decision DONE = new Decision.Done();
    private static final Decision SETTLE = new Decision.Wait(Gate.SETTLE, "settling", Optional.empty());
    private static final String LABELS = "{ensemble=\"kafka\",ensemble_namespace=\"streaming\"";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Instant now = START;
    private final List<Driver.Listener> listeners =
            List.of(new CycleMetrics(registry), new ProgressTracker(new RolloutMetrics(registry, new StoppedClock())));

    @Test
    void conditionsMembersAndRolesAreThoseOfTheLatestResult() {
        see(DONE, List.of(member(1, Role.FOLLOWER, 0x100000002L), member(2, Role.LEADER, 0x100000005L), down(3)));

        assertThat(scrape())
                .contains(
                        "ensembled_ensemble_condition" + LABELS + ",type=\"Ready\"} 1.0",
                        "ensembled_ensemble_condition" + LABELS + ",type=\"Stalled\"} 0.0",
                        "ensembled_members" + LABELS + "} 3.0",
                        "ensembled_members_healthy" + LABELS + "} 2.0",
                        "ensembled_member_role" + LABELS + ",member=\"1\",role=\"follower\"} 1.0",
                        "ensembled_member_role" + LABELS + ",member=\"2\",role=\"leader\"} 1.0",
                        "ensembled_member_zxid_lag" + LABELS + ",member=\"1\"} 3.0",
                        "ensembled_member_zxid_lag" + LABELS + ",member=\"2\"} 0.0",
                        "ensembled_last_successful_reconcile_timestamp_seconds" + LABELS + "} "
                                + (double) START.plusSeconds(1).getEpochSecond());
        assertThat(scrape()).noneMatch(line -> line.contains("member=\"3\""));
    }

    @Test
    void lagOfAMemberInAnotherEpochIsNotANumber() {
        see(DONE, List.of(member(1, Role.FOLLOWER, 0x0ffffffffL), member(2, Role.LEADER, 0x100000000L)));

        assertThat(scrape()).contains("ensembled_member_zxid_lag" + LABELS + ",member=\"1\"} NaN");
    }

    @Test
    void anotherLeaderIsCountedAndTheRoleBeforeHasNoSeriesAnyMore() {
        see(DONE, List.of(member(1, Role.FOLLOWER, 1), member(2, Role.LEADER, 1)));
        see(DONE, List.of(down(1), down(2)));
        see(DONE, List.of(member(1, Role.LEADER, 1), member(2, Role.FOLLOWER, 1)));

        assertThat(scrape())
                .contains(
                        "ensembled_leader_changes_total" + LABELS + "} 1.0",
                        "ensembled_member_role" + LABELS + ",member=\"1\",role=\"leader\"} 1.0")
                .doesNotContain("ensembled_member_role" + LABELS + ",member=\"1\",role=\"follower\"} 1.0");
    }

    @Test
    void failedCyclesAreCountedAndKeepTheTimeOfTheLastSuccess() {
        see(DONE, List.of());
        ReconcileResult before = latest;
        now = now.plusSeconds(100);
        latest = new ReconcileResult(
                before.result(), Optional.of("API server away"), now, before.succeeded(), Duration.ofSeconds(7));
        listeners.forEach(listener -> listener.seen(ID, latest));

        assertThat(scrape())
                .contains(
                        "ensembled_reconcile_seconds_count{result=\"success\"} 1",
                        "ensembled_reconcile_seconds_count{result=\"failure\"} 1",
                        "ensembled_reconcile_seconds_sum{result=\"failure\"} 7.0",
                        "ensembled_last_successful_reconcile_timestamp_seconds" + LABELS + "} "
                                + (double) START.plusSeconds(1).getEpochSecond());
    }

    @Test
    void timeOfAClosedGateGrowsWhileItIsClosedAndStaysAfterwards() {
        String gate = LABELS + ",gate=\"settle\",waits_for=\"servers\"} ";
        see(DONE, List.of());
        see(SETTLE, List.of());
        now = now.plusSeconds(60);

        assertThat(scrape())
                .contains("ensembled_gate" + gate + "1.0", "ensembled_gate_closed_seconds_total" + gate + "60.0");
        now = now.minusSeconds(1);
        see(new Decision.Stalled(Gate.SETTLE, "for long"), List.of());
        assertThat(scrape()).contains("ensembled_gate_stalled" + gate + "1.0");
        see(DONE, List.of());
        now = now.plusSeconds(500);
        assertThat(scrape())
                .contains(
                        "ensembled_gate" + gate + "0.0",
                        "ensembled_gate_stalled" + gate + "0.0",
                        "ensembled_gate_closed_seconds_total" + gate + "61.0");
    }

    @Test
    void phasesOfARestartAreMeasuredFromItsStep() {
        Member first = member(1, Role.FOLLOWER, 1);
        Step restart =
                new Step.Restart(1, first.instance().orElseThrow(), false, List.of(RestartReason.CONFIG_CHANGED));
        see(DONE, List.of(first, member(2, Role.LEADER, 1)));
        see(act(restart), new Outcome.Applied(), List.of(first, member(2, Role.LEADER, 1)));
        see(SETTLE, List.of(new Member(1, Optional.empty(), new Server.Down("no pod"), Optional.empty())));
        see(SETTLE, List.of(next(new Server.Down("refused"), false)));
        see(SETTLE, List.of(next(serving(Role.FOLLOWER, 1), false)));
        see(SETTLE, List.of(next(serving(Role.FOLLOWER, 1), true)));
        see(
                act(new Step.RunSanityTest(1, 2, "x")),
                new Outcome.Applied(),
                List.of(next(serving(Role.FOLLOWER, 1), true)));
        see(DONE, List.of(next(serving(Role.FOLLOWER, 1), true)));

        String sum = "ensembled_restart_seconds_sum{phase=";
        assertThat(scrape())
                .contains(
                        sum + "\"asked\"} 0.0",
                        sum + "\"gone\"} 1.0",
                        sum + "\"running\"} 2.0",
                        sum + "\"serving\"} 3.0",
                        sum + "\"ready\"} 4.0",
                        sum + "\"proven\"} 5.0",
                        "ensembled_restart_seconds_count{phase=\"proven\"} 1",
                        "ensembled_steps_total" + LABELS + ",outcome=\"applied\",step=\"RestartingMember\"} 1.0",
                        "ensembled_rollout_seconds_count" + LABELS + "} 1",
                        "ensembled_unapplied_spec_age_seconds" + LABELS + "} 0.0");
    }

    @Test
    void restoredObjectsAreCountedByKind() {
        see(DONE, List.of());
        see(
                act(new Step.Apply(
                        List.of(
                                new ObjectState("Service", "kafka", ObjectState.State.DRIFTED, List.of("x"), "kubectl"),
                                new ObjectState("ConfigMap", "kafka", ObjectState.State.OUTDATED, List.of(), "")),
                        3)),
                new Outcome.Applied(),
                List.of());

        assertThat(scrape())
                .contains("ensembled_drift_repairs_total" + LABELS + ",kind=\"Service\"} 1.0")
                .noneMatch(line -> line.contains("kind=\"ConfigMap\""));
    }

    @Test
    void ensembleThatIsGoneTakesItsSeriesAlongAndNoOther() {
        phasesOfARestartAreMeasuredFromItsStep();
        listeners.forEach(listener -> listener.seen(OTHER, latest));

        listeners.forEach(listener -> listener.gone(ID));

        assertThat(scrape())
                .noneMatch(line -> line.contains("ensemble=\"kafka\""))
                .anyMatch(line -> line.contains("ensemble=\"solr\""));
    }

    private ReconcileResult latest;

    private void see(Decision decision, List<Member> members) {
        see(decision, null, members);
    }

    private void see(Decision decision, Outcome outcome, List<Member> members) {
        now = now.plusSeconds(1);
        boolean stalled = decision instanceof Decision.Stalled;
        EnsembleStatus status = StatusBuilder.bootstrapped()
                .conditions(
                        new Condition("Ready", decision.isDone() ? "True" : "False", "", "", null, null),
                        new Condition("Stalled", stalled ? "True" : "False", "", "", null, null))
                .rollout(new RolloutStatus(null, null, null, null, 0))
                .members()
                .build();
        Observed observed = new Observed(
                List.of(), Optional.empty(), members, List.of(), Observed.Replicas.NONE, true, List.of(), status);
        Optional<Attempt> attempt = decision.act().map(act -> new Attempt(act.step(), act.reason(), outcome, now, now));
        latest = ReconcileResult.of(
                new ReconcileCycle.Result(null, decision, attempt, observed, status, History.EMPTY),
                now,
                Duration.ofMillis(20));
        listeners.forEach(listener -> listener.seen(ID, latest));
    }

    private List<String> scrape() {
        return registry.scrape().lines().toList();
    }

    private static Decision act(Step step) {
        return new Decision.Act(step, "why");
    }

    private static Member member(int id, Role role, long zxid) {
        Instance instance = Instance.builder("kafka-" + (id - 1), "uid-" + id, START)
                .ready(true, START)
                .build();
        return new Member(id, Optional.of(instance), serving(role, zxid), Optional.empty());
    }

    private static Member next(Server server, boolean ready) {
        Instance instance = Instance.builder("kafka-0", "another-uid", START)
                .ready(ready, START)
                .build();
        return new Member(1, Optional.of(instance), server, Optional.empty());
    }

    private static Member down(int id) {
        return new Member(id, Optional.empty(), new Server.Down("no pod"), Optional.empty());
    }

    private static Server serving(Role role, long zxid) {
        return new Server.Serving(role, zxid, THREE, 0, 0, 0, 0, START, "3.9.5", Map.of());
    }

    /** Shows the time of the test. */
    private final class StoppedClock extends java.time.Clock {
        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public java.time.Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
