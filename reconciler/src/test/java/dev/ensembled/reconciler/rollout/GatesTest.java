package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.MemberStatusSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each gate: what closes it, what it reports, and that no other gate was closed. */
class GatesTest {

    private static Scene roll() {
        return Scene.of(3).wanting("new");
    }

    static Stream<Arguments> closedGates() {
        Instant justNow = Scene.NOW.minusSeconds(1);
        return Stream.of(
                Arguments.of(
                        Gate.UNKNOWN_MEMBER, roll().member(2).unknown().scene(), "member 2 cannot be read: no answer"),
                Arguments.of(
                        Gate.UNKNOWN_MEMBER, roll().member(2).lostFromSight().scene(), "member 2 cannot be read"),
                Arguments.of(
                        Gate.MEMBER_DOWN, roll().member(2).withoutInstance().scene(), "member 2 has no instance"),
                Arguments.of(Gate.MEMBER_DOWN, roll().member(2).terminating().scene(), "member 2 is terminating"),
                Arguments.of(
                        Gate.MEMBER_DOWN,
                        roll().member(2).notReady().readySince(justNow).scene(),
                        "serves, but is not ready"),
                Arguments.of(
                        Gate.MEMBER_DOWN,
                        roll().member(2)
                                .revision("new")
                                .looking()
                                .readySince(justNow)
                                .scene(),
                        "runs, but is not serving: looking"),
                Arguments.of(
                        Gate.MEMBER_DOWN,
                        roll().member(2)
                                .revision("new")
                                .pending(Problem.UNSCHEDULABLE, "Unschedulable")
                                .readySince(justNow)
                                .scene(),
                        "has not started: Unschedulable"),
                Arguments.of(
                        Gate.MEMBER_DOWN,
                        roll().member(2)
                                .revision("new")
                                .crashed()
                                .readySince(justNow)
                                .scene(),
                        "is not running: Error"),
                Arguments.of(
                        Gate.ONE_LEADER, roll().member(2).serving(Role.LEADER).scene(), "expected one leader, found 2"),
                Arguments.of(
                        Gate.ONE_LEADER,
                        roll().member(1).serving(Role.FOLLOWER).scene(),
                        "expected one leader, found 0"),
                Arguments.of(Gate.ONE_LEADER, roll().leaderSeesFollowersInSync(1), "1 of 2 followers"),
                Arguments.of(
                        Gate.CONFIG_VERSION,
                        roll().member(3).configVersion(0x200000000L).scene(),
                        "2 different"),
                Arguments.of(
                        Gate.CONFIG_VERSION, roll().member(3).goesByVoters(1, 2).scene(), "2 different"),
                Arguments.of(Gate.SETTLE, roll().member(2).readySince(justNow).scene(), "settle period (5s)"),
                Arguments.of(Gate.PAUSED, roll().paused(), "3 members wait"),
                Arguments.of(Gate.BUDGET, roll().budget("kafka-budget", 0, 1, 2, 3), "budget kafka-budget"),
                Arguments.of(Gate.BUDGET, roll().budget("team", 0, 2), "budget team"),
                Arguments.of(Gate.BUDGET, roll().budgetBehind("kafka-budget", 1, 2, 3), "behind its spec"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("closedGates")
    void rolloutIsHeldByTheClosedGateAndByNoOther(Gate gate, Scene scene, String reason) {
        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).isEqualTo(gate);
            assertThat(wait.reason()).contains(reason);
        });
        assertThat(MutatedRollout.withoutGates(scene.desired(), scene.observed(), Scene.NOW, Set.of(gate)))
                .isNotEqualTo(decide(scene));
    }

    static Stream<Arguments> stalledGates() {
        Instant tooLongAgo = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);
        return Stream.of(
                Arguments.of(
                        Gate.MEMBER_IMAGE,
                        roll().member(2)
                                .revision("new")
                                .pending(Problem.IMAGE, "ErrImagePull")
                                .readySince(tooLongAgo)
                                .scene(),
                        "ErrImagePull. Not back within the progress deadline (300s). Push a fix or a revert"),
                Arguments.of(
                        Gate.MEMBER_UNSCHEDULABLE,
                        roll().member(2)
                                .revision("new")
                                .pending(Problem.UNSCHEDULABLE, "Unschedulable")
                                .readySince(tooLongAgo)
                                .scene(),
                        "has not started: Unschedulable"),
                Arguments.of(
                        Gate.MEMBER_VOLUME,
                        roll().member(2)
                                .revision("new")
                                .pending(Problem.VOLUME, "FailedMount")
                                .readySince(tooLongAgo)
                                .scene(),
                        "has not started: FailedMount"),
                Arguments.of(
                        Gate.MEMBER_NOT_STARTING,
                        roll().member(2)
                                .revision("new")
                                .pending(Problem.NONE, "CreateContainerConfigError")
                                .readySince(tooLongAgo)
                                .scene(),
                        "has not started: CreateContainerConfigError"),
                Arguments.of(
                        Gate.MEMBER_MISSING,
                        roll().member(2).withoutInstance().scene().reported(withoutInstanceSince(tooLongAgo)),
                        "member 2 has no instance: no instance. Not back within the progress deadline (300s)"),
                Arguments.of(
                        Gate.UNKNOWN_MEMBER,
                        roll().member(2)
                                .unknown()
                                .notReady()
                                .readySince(tooLongAgo)
                                .scene(),
                        "cannot be read"),
                Arguments.of(
                        Gate.UNKNOWN_MEMBER,
                        roll().member(2)
                                .turnedAway()
                                .notReady()
                                .readySince(tooLongAgo)
                                .scene(),
                        "maxClientCnxns (60 per client address;"),
                Arguments.of(
                        Gate.UNKNOWN_MEMBER,
                        roll().member(2).unknown().scene().reported(unknownSince(tooLongAgo)),
                        "A push does not help"),
                Arguments.of(
                        Gate.MEMBER_OUT_OF_MEMORY,
                        roll().member(2)
                                .revision("new")
                                .crashed(Problem.HEAP_FULL, "OutOfMemory")
                                .readySince(Scene.NOW)
                                .scene(),
                        "does not fit into its heap (512Mi): raise spec.jvm.heap"),
                Arguments.of(
                        Gate.MEMBER_OUT_OF_MEMORY,
                        roll().member(2)
                                .revision("new")
                                .crashed(Problem.MEMORY_LIMIT, "OOMKilled")
                                .readySince(Scene.NOW)
                                .scene(),
                        "raise resources.limits.memory"),
                Arguments.of(
                        Gate.DATA_BEHIND, roll().remembering(2, 0x101), "member 2 had zxid 0x101 and now has 0x100"),
                Arguments.of(
                        Gate.DATA_BEHIND,
                        roll().remembering(2, -1),
                        "member 2 had zxid 0xffffffffffffffff and now has 0x100"),
                Arguments.of(
                        Gate.DRIFT_CONFLICT,
                        roll().object("Service", State.DRIFT_CONFLICT, "spec.ports"),
                        "another manager keeps overwriting spec.ports of Service/kafka"),
                Arguments.of(
                        Gate.BUDGET,
                        roll().budget("ours", 1, 1, 2, 3).budget("theirs", 1, 2),
                        "covered by the budgets ours and theirs"));
    }

    private static EnsembleStatus withoutInstanceSince(Instant since) {
        return EnsembleStatus.empty()
                .withSanityTested("earlier")
                .withMembers(List.of(MemberStatusSketch.of(2)
                        .role("down")
                        .ready(false)
                        .since(since)
                        .build()));
    }

    /** Its own readiness probe reports it as ready. */
    private static EnsembleStatus unknownSince(Instant since) {
        return EnsembleStatus.empty()
                .withSanityTested("earlier")
                .withMembers(List.of(MemberStatusSketch.of(2)
                        .instance("kafka-1")
                        .role("unknown")
                        .revision("old")
                        .ready(true)
                        .since(since)
                        .build()));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("stalledGates")
    void rolloutStallsWhenAPersonHasToAct(Gate gate, Scene scene, String reason) {
        assertThat(decide(scene)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).isEqualTo(gate);
            assertThat(stalled.reason()).contains(reason);
        });
    }

    @Test
    void rolloutWaitsForAMemberUntilTheProgressDeadline() {
        Instant since = Scene.NOW.minus(Duration.ofMinutes(1));
        Scene scene =
                roll().member(2).revision("new").looking().readySince(since).scene();

        assertThat(decide(scene))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::until)
                .isEqualTo(Optional.of(since.plus(Scene.PROGRESS_DEADLINE)));
    }

    @Test
    void rolloutSettlesUntilAllMembersAreHealthyForThePeriod() {
        Scene scene = roll().member(1).readySince(Scene.NOW.minusSeconds(3)).scene();

        assertThat(decide(scene))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::until)
                .isEqualTo(Optional.of(Scene.NOW.plusSeconds(2)));
        assertThat(Rollout.next(scene.desired(), scene.observed(), Scene.NOW.plusSeconds(2)))
                .isInstanceOf(Decision.Act.class);
    }

    @Test
    void budgetThatDoesNotCoverTheCandidateDoesNotBlockIt() {
        assertThat(stepOf(roll().budget("theirs", 0, 1, 3)).describe()).isEqualTo("restart member 2");
    }

    @Test
    void memberWithAHigherZxidThanRecordedPasses() {
        assertThat(stepOf(roll().remembering(2, 0xff)).describe()).isEqualTo("restart member 2");
    }

    @Test
    void quorumIsRequiredWithoutTheCandidate() {
        // Given two voters of two, as in an ensemble with an even number of voters
        Scene scene = Scene.of(2).wanting("new");

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).hasToString("quorum");
            assertThat(wait.reason()).contains("without member 2 only 1 of 2 voters would serve");
        });
    }

    @Test
    void anObserverMayLeaveAnEvenEnsemble() {
        assertThat(stepOf(Scene.of(2, 1).wanting("new")).describe()).isEqualTo("restart member 3");
    }

    @Test
    void rolloutIsIncompleteWhileAMemberIsUnavailable() {
        assertThat(decide(Scene.of(3).member(3).crashed().scene()))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .hasToString("member-crashing");
    }
}
