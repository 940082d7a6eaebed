package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.FailedSanityTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides what follows from a sanity test that keeps failing while all servers serve, for example at a revision that
 * asks clients for credentials which ensembled does not have.
 *
 * <ol>
 *   <li>The test is tried again. The status has the time since which it has failed for exactly these instances.
 *   <li>After {@code progressDeadline} the ensemble stalls at the gate of the test, which is still tried again
 *       (docs/invariants.md, rule 6).
 *   <li>A member of a revision that never passed the test with all members is a suspect. If another revision is wanted,
 *       the suspect is restarted first, without waiting for the test: this is how a revert heals (rule 7). It serves,
 *       so every gate of a healthy member except this one holds for it.
 *   <li>The wanted revision may be bad as well, and must not spread by such restarts: unless it is the last revision
 *       that passed the test, a suspect is restarted only while no member is at the wanted revision, or if the test
 *       fails through that suspect itself and the leader, through which all writes go, is not at the wanted revision
 *       either. If the status does not have the last revision that passed, a quorum at the wanted revision counts as
 *       tested.
 * </ol>
 */
public final class FailingSanityTest {
    /** One more complete test, so that a test that fails by chance makes no member a suspect. */
    private static final Duration MINIMUM_FAILURE = Duration.ofSeconds(10);

    private FailingSanityTest() {}

    /** Returns what to remember after the test failed, for the first time for these instances or again. */
    public static FailedSanityTest recordFailure(
            EnsembleStatus before, String fingerprint, int member, boolean refused, Instant now) {
        FailedSanityTest last = before.memory().failedSanityTest();
        boolean same = last != null && fingerprint.equals(last.fingerprint()) && last.since() != null;
        return new FailedSanityTest(
                fingerprint,
                same ? last.since() : now.truncatedTo(ChronoUnit.SECONDS).toString(),
                member,
                refused);
    }

    /** Returns the status after the test passed: if all members are of one revision, that revision has passed it. */
    public static EnsembleStatus recordSuccess(EnsembleStatus status, String fingerprint, Observed observed) {
        Memory passed = status.memory().failing(null);
        List<String> revisions = observed.members().stream()
                .flatMap(member -> member.instance().stream())
                .map(Instance::revision)
                .distinct()
                .toList();
        return status.withSanityTested(fingerprint)
                .withMemory(revisions.size() == 1 ? passed.sanityTestedAt(revisions.get(0)) : passed);
    }

    /** Returns the decision to report after the test failed. */
    public static Decision decision(
            Desired desired, Observed observed, FailedSanityTest failed, String reason, Instant now) {
        Situation situation = Situation.of(desired, observed, now);
        Instant deadline =
                Instant.parse(failed.since()).plus(desired.spec().rollout().progressDeadline());
        String failure = "the sanity test fails through member " + failed.member() + ": " + reason;
        if (now.isBefore(deadline)) {
            return new Decision.Wait(Gate.SANITY_TEST, failure, Optional.of(deadline));
        }
        return new Decision.Stalled(
                Gate.SANITY_TEST,
                failure + ". It has failed since " + failed.since() + ". " + advice(situation, failed));
    }

    private static String advice(Situation situation, FailedSanityTest failed) {
        return suspects(situation, failed)
                .findFirst()
                .flatMap(suspect -> closedGate(situation, suspect).map(gate -> describeHeld(suspect, gate)))
                .orElse("No other member is restarted until the test passes. Repair the cause of the error, or push a"
                        + " fix or a revert; members that were restarted for the last change are then restarted"
                        + " first");
    }

    private static String describeHeld(OutdatedMember suspect, Decision gate) {
        String text = "Member " + suspect.member().id() + " is not at the wanted revision, and is restarted first"
                + " when this gate opens: ";
        return text + gate.closedGate().map(name -> name + ", " + gate.reason()).orElse("");
    }

    /** Whether the last test failed through this member, or through a former instance of it. */
    static boolean failsThrough(Situation situation, Member member) {
        FailedSanityTest failed = situation.observed().status().memory().failedSanityTest();
        return failed != null && Objects.equals(failed.member(), member.id());
    }

    /**
     * Whether the last test failed with an instance of the wanted revision, which never passed it: that revision must not
     * spread, except to the member through which the test fails. Other instances may have been created since then, so
     * the fingerprint of the test is not compared.
     */
    static boolean keepsFromSpreading(Situation situation, Member member) {
        FailedSanityTest failed = situation.observed().status().memory().failedSanityTest();
        String wanted = situation.observed().target().orElseThrow().id();
        String lastTested = situation.observed().status().memory().sanityTestedRevision();
        return failed != null
                && failed.since() != null
                && !failsThrough(situation, member)
                && !wanted.equals(lastTested)
                && situation.counted().stream().anyMatch(counted -> isAt(wanted, counted) && tookPart(counted, failed))
                && !wasTestedByQuorum(situation, wanted, lastTested);
    }

    /** Returns the restart of a suspect; empty if there is none, or while a gate is closed for it. */
    static Optional<Decision> restartSuspect(Situation situation) {
        return Optional.ofNullable(situation.observed().status().memory().failedSanityTest())
                .filter(failed -> situation.fingerprint().equals(failed.fingerprint()))
                .filter(failed ->
                        !situation.now().isBefore(Instant.parse(failed.since()).plus(MINIMUM_FAILURE)))
                .flatMap(failed -> suspects(situation, failed).findFirst())
                .filter(suspect -> closedGate(situation, suspect).isEmpty())
                .map(suspect -> Upgrade.snapshot(situation)
                        .orElseGet(() -> Rollout.restart(
                                suspect,
                                suspect.member().id()
                                        + " goes first: the sanity test fails, and this revision never passed it")));
    }

    private static Optional<Decision> closedGate(Situation situation, OutdatedMember suspect) {
        return GateCheck.firstClosed(HealthGates.AFTER_SANITY_TEST, situation)
                .or(() -> GateCheck.firstClosed(DisruptionGates.of(suspect.member()), situation));
    }

    /** In the order of restarts: the member through which the test fails, then as planned. */
    private static Stream<OutdatedMember> suspects(Situation situation, FailedSanityTest failed) {
        String wanted = situation.observed().target().orElseThrow().id();
        String lastTested = situation.observed().status().memory().sanityTestedRevision();
        // This includes members that are being removed, since no member is removed before the test has passed.
        List<OutdatedMember> suspects = Plan.outdated(situation.desired(), situation.observed()).stream()
                .filter(outdated -> situation.counted().contains(outdated.member()))
                .filter(outdated -> outdated.member().serves())
                .filter(outdated -> !outdated.instance().revision().equals(wanted))
                .filter(outdated -> !outdated.instance().revision().equals(lastTested))
                .toList();
        List<OutdatedMember> failing = suspects.stream()
                .filter(suspect -> Objects.equals(suspect.member().id(), failed.member()))
                .toList();
        // A non-committing leader makes every test fail, and a member that is restarted could not join it again.
        if (NonCommittingLeader.isSuspected(situation)) {
            return Stream.empty();
        }
        if (wanted.equals(lastTested) || situation.counted().stream().noneMatch(member -> isAt(wanted, member))) {
            return Stream.concat(failing.stream(), suspects.stream());
        }
        boolean leaderIsAtWantedRevision = situation
                .observed()
                .leader()
                .filter(leader -> isAt(wanted, leader))
                .isPresent();
        return leaderIsAtWantedRevision && !wasTestedByQuorum(situation, wanted, lastTested)
                ? Stream.empty()
                : failing.stream();
    }

    /**
     * The last revision that passed may be missing in the status. But a quorum gets to a revision only by passing the test
     * with it.
     */
    private static boolean wasTestedByQuorum(Situation situation, String wanted, String lastTested) {
        return lastTested == null && isQuorumAt(wanted, situation);
    }

    /** The status has the time of the first failure in whole seconds. */
    private static boolean tookPart(Member member, FailedSanityTest failed) {
        Instant failedFirst = Instant.parse(failed.since()).plusSeconds(1);
        return member.instance()
                .filter(instance -> instance.created().isBefore(failedFirst))
                .isPresent();
    }

    private static boolean isQuorumAt(String revision, Situation situation) {
        Set<Integer> there = situation.counted().stream()
                .filter(member -> isAt(revision, member))
                .map(Member::id)
                .collect(toUnmodifiableSet());
        return situation.quorum().filter(quorum -> quorum.isFormedBy(there)).isPresent();
    }

    private static boolean isAt(String revision, Member member) {
        return member.instance()
                .map(Instance::revision)
                .filter(revision::equals)
                .isPresent();
    }
}
