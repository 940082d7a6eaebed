package dev.ensembled.reconciler.commitplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.reconciler.commitplan.CommitPlan.Result;
import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitPlanTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final Violation VIOLATION = new Violation("kafka.yaml", 3, 5, "spec.voters", "must be at least 1");

    static PlannedStep restart(int number, int member, String role, Long seconds) {
        return new PlannedStep(
                number,
                "RestartingMember",
                "restart member " + member,
                member,
                role,
                true,
                List.of(RestartReason.CONFIG_CHANGED),
                "the configuration changed",
                0,
                List.of(new PlannedStep.TimedGate("settle", "2026-03-01T12:00:05Z", 5, "docs/stalled.md#settle")),
                seconds);
    }

    static EnsemblePlan update(List<PlannedStep> steps, PlannedEnding ending, List<EvictionTrial> evictions) {
        return new EnsemblePlan(
                ID,
                "kafka.yaml",
                Action.UPDATE,
                null,
                null,
                List.of(new FieldChange("config.maxClientCnxns", "60", "200")),
                steps,
                ending,
                null,
                evictions);
    }

    private static EnsemblePlan ending(PlannedEnding.Kind kind) {
        return update(List.of(restart(1, 1, "follower", null)), new PlannedEnding(kind, null, "why", null), List.of());
    }

    private static Result result(List<Violation> violations, EnsemblePlan... plans) {
        return CommitPlan.of(violations, List.of(plans), List.of()).result();
    }

    @Test
    void exitCodesAreThoseOfTerraformAndThreeForARefusal() {
        EnsemblePlan kept = EnsemblePlan.without(ID, "kafka.yaml", Action.KEEP, null);
        EnsemblePlan refused = EnsemblePlan.without(ID, "kafka.yaml", Action.REFUSE, "storage shrinks");

        assertThat(result(List.of(), kept).exitCode()).isZero();
        assertThat(result(List.of(), kept, ending(PlannedEnding.Kind.DONE)).exitCode())
                .isEqualTo(2);
        assertThat(result(List.of(), ending(PlannedEnding.Kind.STALLED)).exitCode())
                .isEqualTo(2);
        assertThat(result(List.of(VIOLATION), kept).exitCode()).isEqualTo(1);
        assertThat(result(List.of(), ending(PlannedEnding.Kind.DONE), refused).exitCode())
                .isEqualTo(3);
        assertThat(result(List.of(), ending(PlannedEnding.Kind.REFUSED)).exitCode())
                .isEqualTo(3);
        assertThat(result(List.of(VIOLATION), refused)).isEqualTo(Result.INVALID);
    }

    @Test
    void documentIsTheSameAfterJson() throws Exception {
        CommitPlan plan = CommitPlan.of(
                List.of(VIOLATION),
                List.of(
                        update(
                                List.of(restart(1, 1, "follower", 21L)),
                                new PlannedEnding(PlannedEnding.Kind.HELD, "budget", "why", "docs/stalled.md#budget"),
                                List.of(new EvictionTrial(1, "kafka-0", false, "budget", "zk-budget allows none"))),
                        EnsemblePlan.without(ID, "kafka.yaml", Action.KEEP, null)),
                List.of("note"));
        ObjectMapper json = new ObjectMapper();

        String text = json.writeValueAsString(plan);

        assertThat(json.readValue(text, CommitPlan.class)).isEqualTo(plan);
        assertThat(json.readTree(text).path("kind").asText()).isEqualTo("Plan");
        assertThat(plan.isKnown()).isTrue();
    }

    @Test
    void expectedDurationIsUnknownIfThatOfOneRestartIs() {
        EnsemblePlan known =
                update(List.of(restart(1, 1, "follower", 20L), restart(2, 2, "leader", 30L)), null, List.of());
        EnsemblePlan unknown =
                update(List.of(restart(1, 1, "follower", 20L), restart(2, 2, "leader", null)), null, List.of());

        assertThat(known.expectedSeconds()).hasValue(50);
        assertThat(unknown.expectedSeconds()).isEmpty();
    }
}
