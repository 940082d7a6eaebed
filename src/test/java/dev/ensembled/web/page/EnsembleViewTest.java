package dev.ensembled.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.stub.SpecBuilder;
import dev.ensembled.stub.StatusBuilder;
import dev.ensembled.web.page.RollStep.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnsembleViewTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final Instant BEGUN = NOW.minusSeconds(60);

    private String paused = "";

    private EnsembleView view(Decision decision, Condition condition, RolloutStatus rollout, RecordedCommit commit) {
        EnsembleStatus status = StatusBuilder.bootstrapped()
                .conditions(condition, new Condition("Ready", "False", "", "it waits", BEGUN.toString(), 1L))
                .members(
                        new MemberStatus(1, "kafka-0", "down", "0x10", "new", false, BEGUN.toString()),
                        new MemberStatus(2, "kafka-1", "leader", "0x12", "old", true, BEGUN.toString()))
                .rollout(rollout)
                .build();
        Observed observed = new Observed(
                List.of(),
                Optional.of(new Revision("new", Map.of())),
                List.of(member(1, "new", "ImagePullBackOff"), member(2, "old", "")),
                List.of(),
                Observed.Replicas.NONE,
                true,
                List.of(),
                status);
        Requests requests = Requests.named(
                name -> Optional.of(paused).filter(text -> name.equals(Requests.PAUSED) && !text.isEmpty()));
        Accepted accepted =
                new Accepted(ID, SpecBuilder.voters(3).build(), 1, Optional.empty(), false, requests, status);
        ReconcileCycle.Result result = new ReconcileCycle.Result(
                accepted, decision, Optional.empty(), observed, status, new History(List.of(commit)));
        return EnsembleView.of(ID, ReconcileResult.of(result, NOW, Duration.ZERO), "", NOW);
    }

    private static Member member(int id, String revision, String reason) {
        Instance instance = Instance.builder("kafka-" + (id - 1), "uid-" + id, BEGUN)
                .revision(revision, Map.of())
                .location(Optional.of("node-" + id))
                .reason(reason)
                .build();
        return new Member(id, Optional.of(instance), new Server.Down("connection refused"), Optional.empty());
    }

    private static RecordedStep step(String text, Integer member, RecordedStep.State state) {
        return new RecordedStep(
                "RestartingMember",
                text,
                member,
                member == null ? null : "follower",
                member == null ? null : "uid",
                List.of(),
                "it is outdated",
                BEGUN.plusSeconds(1),
                state == RecordedStep.State.Running ? null : BEGUN.plusSeconds(5),
                state);
    }

    private static RecordedCommit commit(Instant done, RecordedStep... steps) {
        return new RecordedCommit("4fc6ba8abd1234", 1, null, BEGUN, done, List.of(steps), List.of());
    }

    private static Condition is(String type) {
        return new Condition(type, "True", "", "the reason", BEGUN.toString(), 1L);
    }

    private static RolloutStatus closed(Gate gate) {
        return new RolloutStatus(null, gate.toString(), "the reason", BEGUN.toString(), 1);
    }

    private static Decision waiting(Gate gate) {
        return new Decision.Wait(gate, "the reason", Optional.empty());
    }

    @Test
    void lineHasWhatIsDoneAndWhatRunsWithTheGateThatWaitsForIt() {
        EnsembleView view = view(
                waiting(Gate.MEMBER_DOWN),
                is("Reconciling"),
                closed(Gate.MEMBER_DOWN),
                commit(
                        null,
                        step("apply Configuration/kafka", null, RecordedStep.State.Completed),
                        step("restart member 3", 3, RecordedStep.State.Completed),
                        step("restart member 1", 1, RecordedStep.State.Running)));

        assertThat(view.row().state()).isEqualTo(EnsembleState.ROLLING);
        assertThat(view.roll().active()).isTrue();
        assertThat(view.roll().steps())
                .startsWith(
                        new RollStep(Progress.DONE, "apply Configuration/kafka", ""),
                        new RollStep(Progress.DONE, "restart member 3", "follower, 4s"),
                        new RollStep(Progress.NOW, "restart member 1", "follower, member-down"));
    }

    @Test
    void lineOfADoneRolloutHasNoRepairsThatCameLater() {
        RecordedStep repair = new RecordedStep(
                "Applying",
                "apply Service/kafka",
                null,
                null,
                null,
                List.of(),
                "it drifted",
                NOW.minusSeconds(2),
                NOW.minusSeconds(1),
                RecordedStep.State.Completed);
        EnsembleView view = view(
                new Decision.Done(),
                is("Ready"),
                null,
                commit(NOW.minusSeconds(30), step("restart member 1", 1, RecordedStep.State.Completed), repair));

        assertThat(view.roll().steps()).extracting(RollStep::what).containsExactly("restart member 1");
        assertThat(view.roll().end()).isEqualTo("done in 30s");
        assertThat(view.history().get(0).lines())
                .extracting(HistoryView.Line::what)
                .containsExactly("restart member 1", "apply Service/kafka");
    }

    @Test
    void gateThatAPersonOpensHasItsCommand() {
        paused = "true";
        EnsembleView view = view(waiting(Gate.PAUSED), is("Reconciling"), closed(Gate.PAUSED), commit(null));

        assertThat(view.row().state()).isEqualTo(EnsembleState.HELD);
        assertThat(view.gate().command()).isEqualTo("ensembled resume kafka -n streaming");
        assertThat(view.gate().opensWhen() + view.gate().toDo()).isNotBlank();
        assertThat(view.roll().steps()).startsWith(new RollStep(Progress.HELD, "wait: paused", ""));
    }

    @Test
    void serversHaveTheirNodeAndWhyTheyDoNotServe() {
        EnsembleView view = view(
                new Decision.Stalled(Gate.MEMBER_IMAGE, "the reason"),
                is("Stalled"),
                closed(Gate.MEMBER_IMAGE),
                commit(null));

        assertThat(view.row().title()).isEqualTo("Stalled: member-image");
        assertThat(view.gate().stalled()).isTrue();
        ServerRow first = view.servers().get(0);
        assertThat(first.trouble()).isEqualTo("ImagePullBackOff; connection refused");
        assertThat(first.node()).isEqualTo("node-1");
        assertThat(view.servers()).extracting(ServerRow::outdated).containsExactly(false, true);
    }

    @Test
    void ensembleThatWasNeverObservedShowsWhy() {
        EnsembleView view = EnsembleView.of(
                ID,
                new ReconcileResult(Optional.empty(), Optional.of("no answer"), NOW, Optional.empty(), Duration.ZERO),
                "",
                NOW);

        assertThat(view.row().state()).isEqualTo(EnsembleState.FAILING);
        assertThat(view.row().reason()).contains("no answer");
        assertThat(view.servers()).isEmpty();
    }
}
