package dev.ensembled.reconciler.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.VolumeSizes;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusReportTest {
    private static final long GIB = 1L << 30;
    private static final Instant LATER = Scene.NOW.plusSeconds(60);

    private static EnsembleStatus report(EnsembleStatus before, Scene scene, Decision decision, Instant now) {
        return StatusReport.of(before, scene.desired(), scene.observed(), decision, Optional.empty(), now);
    }

    private static EnsembleStatus report(EnsembleStatus before, Scene scene, Instant now) {
        return report(before, scene, Rollout.next(scene.desired(), scene.observed(), Scene.NOW), now);
    }

    private static EnsembleStatus first(Scene scene) {
        return report(EnsembleStatus.empty(), scene, Scene.NOW);
    }

    private static Condition condition(EnsembleStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static MemberStatus member(EnsembleStatus status, int id) {
        return status.members().get(id - 1);
    }

    @Test
    void statusShowsTheObservation() {
        EnsembleStatus status =
                first(Scene.of(3, 1).ledBy(2).member(2).zxid(0xabc).scene());

        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.leader()).isEqualTo(2);
        assertThat(status.configVersion()).isEqualTo("100000000");
        assertThat(status.voters()).containsExactly(1, 2, 3);
        assertThat(status.observers()).containsExactly(4);
        assertThat(member(status, 2))
                .isEqualTo(new MemberStatus(2, "kafka-1", "leader", "0xabc", "old", true, Scene.NOW.toString()));
        assertThat(member(status, 4).role()).isEqualTo("observer");
        assertThat(status.rollout().outdated()).isZero();
    }

    @Test
    void statusShowsTheSmallestVolumeSizesInUse() {
        Scene scene = Scene.of(3);
        // The third volume does not know its size yet, and no member uses the fourth
        scene.volume(Volume.of("data-kafka-0", "data", 1, 4 * GIB, 4 * GIB));
        scene.volume(Volume.of("data-kafka-1", "data", 2, 4 * GIB, 3 * GIB / 2));
        scene.volume(Volume.of("data-kafka-2", "data", 3, 4 * GIB, 0));
        scene.volume(Volume.of("data-kafka-3", "data", 4, GIB, GIB));
        scene.volume(Volume.of("datalog-kafka-0", "datalog", 1, 2 * GIB, 2 * GIB));

        EnsembleStatus status = first(scene);

        assertThat(status.volumes()).isEqualTo(new VolumeSizes("1536Mi", "2Gi"));
        // While no volume is observed, the volumes stay in the status
        assertThat(report(status, Scene.of(3), LATER).volumes()).isEqualTo(status.volumes());
    }

    @Test
    void aStatusThatSaysNothingNewEqualsTheOneBefore() {
        Scene scene = Scene.of(3);
        EnsembleStatus before = first(scene);

        assertThat(report(before, scene, LATER)).isEqualTo(before);
    }

    @Test
    void clientWritesAreNoStatusChange() {
        EnsembleStatus before = first(Scene.of(3));
        EnsembleStatus after = report(before, Scene.of(3).member(1).zxid(0x999).scene(), LATER);

        assertThat(after).isNotEqualTo(before);
        assertThat(StatusReport.sameButForZxids(before, after)).isTrue();
    }

    @Test
    void transitionTimeChangesOnlyWithItsCondition() {
        EnsembleStatus before = first(Scene.of(3));

        EnsembleStatus after = report(
                before,
                Scene.of(3).member(3).crashed(Problem.MEMORY_LIMIT, "OOMKilled").scene(),
                LATER);

        assertThat(member(after, 3).role()).isEqualTo("crashed");
        assertThat(member(after, 3).since()).isEqualTo(LATER.toString());
        assertThat(member(after, 2).since()).isEqualTo(Scene.NOW.toString());
        assertThat(condition(after, "Ready").lastTransitionTime()).isEqualTo(LATER.toString());
        assertThat(condition(after, "Available").lastTransitionTime()).isEqualTo(Scene.NOW.toString());
        assertThat(StatusReport.sameButForZxids(before, after)).isFalse();
    }

    @Test
    void aGateKeepsTheTimeSinceWhichItIsClosedWhileItsReasonChanges() {
        Scene scene = Scene.of(3).wanting("new");
        EnsembleStatus before = report(
                EnsembleStatus.empty(), scene, new Decision.Wait(Gate.BUDGET, "one", Optional.empty()), Scene.NOW);

        EnsembleStatus same = report(before, scene, new Decision.Wait(Gate.BUDGET, "two", Optional.empty()), LATER);
        EnsembleStatus other = report(before, scene, new Decision.Wait(Gate.QUORUM, "two", Optional.empty()), LATER);

        assertThat(same.rollout().since()).isEqualTo(Scene.NOW.toString());
        assertThat(same.rollout().reason()).isEqualTo("two");
        assertThat(other.rollout().since()).isEqualTo(LATER.toString());
        assertThat(other.rollout().outdated()).isEqualTo(3);
    }

    @Test
    void statusKeepsTheHighestZxidOfEachMember() {
        EnsembleStatus before = first(Scene.of(3).member(2).zxid(0x200).scene());

        EnsembleStatus down = report(before, Scene.of(3).member(2).crashed().scene(), LATER);
        EnsembleStatus less = report(before, Scene.of(3).member(2).zxid(0x1ff).scene(), LATER);

        assertThat(member(down, 2).zxidOrZero()).isEqualTo(0x200);
        assertThat(member(less, 2).zxidOrZero()).isEqualTo(0x200);
    }

    @Test
    void statusKeepsTheLastMembershipWhileNoServerServes() {
        EnsembleStatus before = first(Scene.of(3));

        EnsembleStatus dark = report(before, Scene.of(3).ledByNobody(), LATER);

        assertThat(dark.voters()).containsExactly(1, 2, 3);
        assertThat(dark.configVersion()).isEqualTo(before.configVersion());
        assertThat(dark.leader()).isNull();
        assertThat(condition(dark, "Available").status()).isEqualTo("False");
    }

    @Test
    void statusNamesTheSourceOfTheSpec() {
        SourceStatus source = new SourceStatus("abc", "kafka.yaml", "Synced", null);
        Scene scene = Scene.of(3);

        EnsembleStatus status = StatusReport.of(
                EnsembleStatus.empty(),
                scene.desired(),
                scene.observed(),
                new Decision.Done(),
                Optional.of(source),
                Scene.NOW);

        assertThat(status.source()).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource({
        "done,    True,  False, False, Settled",
        "waiting, False, True,  False, UnknownMember",
        "stalled, False, False, True,  MemberDown",
        "refused, False, False, True,  Refused"
    })
    void conditionsAreWhatKstatusReads(String state, String ready, String reconciling, String stalled, String reason) {
        Decision decision =
                switch (state) {
                    case "done" -> new Decision.Done();
                    case "waiting" -> new Decision.Wait(Gate.UNKNOWN_MEMBER, "why", Optional.empty());
                    case "stalled" -> new Decision.Stalled(Gate.MEMBER_DOWN, "why");
                    default -> new Decision.Refused("why");
                };

        EnsembleStatus status = report(EnsembleStatus.empty(), Scene.of(3), decision, Scene.NOW);

        assertThat(condition(status, "Ready").status()).isEqualTo(ready);
        assertThat(condition(status, "Reconciling").status()).isEqualTo(reconciling);
        assertThat(condition(status, "Stalled").status()).isEqualTo(stalled);
        assertThat(condition(status, "Ready").reason()).isEqualTo(reason);
        assertThat(condition(status, "Ready").observedGeneration()).isEqualTo(7);
    }
}
