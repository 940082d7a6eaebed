package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The gates that decide whether an outdated member may be replaced before all members are healthy, since this costs
 * nothing (docs/invariants.md, rules 4 and 7).
 *
 * <p>{@linkplain Evidence Evidence} that no server serves in its instance is always required.
 *
 * <p>An instance whose process was never started cannot contribute to a quorum. An instance that crashed or whose
 * server looks for a leader can: it may soon be back, at a revision that works, and the next quorum may need it. So it
 * is replaced only while it is the only unavailable member, or after its progress deadline; and never while a member of
 * the wanted revision is down itself, since a bad revision would spread to servers that only need some time (rule 6).
 */
final class ReplacementGates {
    /** Gates whose reason the report of an unavailable member does not contain otherwise. */
    private static final Set<Gate> EXPLAINED =
            EnumSet.of(Gate.REPLACEMENT_BLIND, Gate.REPLACEMENT_QUORUM, Gate.REPLACEMENT_SANITY_TEST);

    private final Member member;
    private final Instance instance;

    private ReplacementGates(OutdatedMember outdated) {
        this.member = outdated.member();
        this.instance = outdated.instance();
    }

    /** Returns why an outdated member is not replaced although it does not serve; empty if its own report says it. */
    static Optional<String> explain(Situation situation, Member member) {
        return situation.plan().restarts().stream()
                .filter(outdated -> outdated.member().id() == member.id())
                .findFirst()
                .flatMap(outdated -> GateCheck.firstClosed(of(outdated), situation))
                .filter(held -> held.closedGate().filter(EXPLAINED::contains).isPresent())
                .map(Decision::reason);
    }

    static List<GateCheck> of(OutdatedMember outdated) {
        ReplacementGates gates = new ReplacementGates(outdated);
        List<GateCheck> all = new ArrayList<>(Evidence.gates(outdated.member()));
        all.add(new GateCheck(Gate.REPLACEMENT_PAUSED, gates::notPaused));
        all.add(new GateCheck(Gate.REPLACEMENT_BLIND, gates::othersAreKnown));
        all.add(new GateCheck(Gate.REPLACEMENT_QUORUM, gates::othersAreQuorum));
        all.add(new GateCheck(Gate.REPLACEMENT_SANITY_TEST, gates::wantedRevisionIsTrusted));
        return List.copyOf(all);
    }

    /**
     * While the rollout is paused, a server that crashes for a moment must not come back at the wanted revision through
     * a replacement.
     */
    private Optional<Closed> notPaused(Situation situation) {
        return neverStarted() ? Optional.empty() : situation.pause().flatMap(Closed::because);
    }

    /**
     * Rule 1. The server of an instance that is known not to run need not be read. An instance that was never started,
     * or has not served until its deadline, is of no use to a quorum with unreadable members either, as on a node that
     * is gone.
     */
    private Optional<Closed> othersAreKnown(Situation situation) {
        if (neverStarted() || situation.isPastDeadline(member)) {
            return Optional.empty();
        }
        return situation.counted().stream()
                .filter(other -> other.id() != member.id() && other.isUnknown())
                .findFirst()
                .flatMap(other -> Closed.because("member " + other.id() + " cannot be read"));
    }

    private Optional<Closed> othersAreQuorum(Situation situation) {
        boolean alone = situation.counted().size() == 1;
        boolean spare = situation.hasQuorumWithout(member.id()) && othersAreHealthy(situation);
        // A member that ran out of memory would run out of memory again at that revision.
        return neverStarted() || alone || spare || situation.isPastDeadline(member) || instance.ranOutOfMemory()
                ? Optional.empty()
                : Closed.because("member " + member.id() + " may be needed for a quorum");
    }

    /** If two members are unavailable, either may soon be back, and it is not known which. */
    private boolean othersAreHealthy(Situation situation) {
        return situation.counted().stream()
                .filter(other -> other.id() != member.id())
                .filter(other ->
                        other.instance().filter(i -> i.phase() == Phase.PENDING).isEmpty())
                .allMatch(Member::isHealthy);
    }

    /**
     * Rule 6. While a quorum serves, a member of the wanted revision has to serve too, and a revision that never passed
     * the sanity test gets no second member before the deadline of this one: the test does not run while this member is
     * down. Without a quorum, each member of the wanted revision has to run at least, and if the running ones could
     * form a quorum by themselves and do not, then more of them would not help.
     */
    private Optional<Closed> wantedRevisionIsTrusted(Situation situation) {
        if (neverStarted()) {
            return Optional.empty();
        }
        List<Member> others = atWantedRevision(situation);
        if (situation.hasQuorumWithout(member.id())) {
            return others.stream()
                    .filter(other -> !other.isHealthy())
                    .findFirst()
                    .flatMap(ReplacementGates::notBack)
                    .or(() -> others.stream()
                            .filter(other -> isUntested(situation, other))
                            .findFirst()
                            .flatMap(other -> Closed.because("the sanity test has not passed through member "
                                    + other.id() + ", which is of the wanted revision")));
        }
        Set<Integer> running = others.stream()
                .filter(other -> !notRunning(other))
                .map(Member::id)
                .collect(Collectors.toSet());
        return Quorum.of(situation.members()).isFormedBy(running)
                ? Closed.because("a quorum runs at the wanted revision, and does not serve")
                : others.stream()
                        .filter(ReplacementGates::notRunning)
                        .findFirst()
                        .flatMap(ReplacementGates::notBack);
    }

    private boolean isUntested(Situation situation, Member other) {
        String lastTested = situation.observed().status().memory().sanityTestedRevision();
        boolean revisionIsUntested = lastTested != null
                && !situation.observed().target().orElseThrow().id().equals(lastTested);
        return FailingSanityTest.failsThrough(situation, other)
                || (revisionIsUntested
                        && instance.phase() == Phase.RUNNING
                        && !instance.ranOutOfMemory()
                        && !situation.isPastDeadline(member));
    }

    /**
     * Members that have come back at the wanted revision, or will: a pod that is missing or terminating comes back with
     * it.
     */
    private List<Member> atWantedRevision(Situation situation) {
        String wanted = situation.observed().target().orElseThrow().id();
        return situation.counted().stream()
                .filter(other -> other.id() != member.id())
                // A member without data does not start at any revision.
                .filter(other -> !other.lostItsData())
                .filter(other -> other.instance()
                        .map(i -> i.revision().equals(wanted) || i.phase() == Phase.TERMINATING)
                        .orElse(true))
                .toList();
    }

    private static Optional<Closed> notBack(Member other) {
        return Closed.because("member " + other.id() + " is not back at the wanted revision");
    }

    private boolean neverStarted() {
        return instance.phase() == Phase.PENDING;
    }

    /** A process in a restart loop runs in between, and nothing listens. */
    private static boolean notRunning(Member other) {
        return other.server().isDown()
                || other.instance().map(Instance::knownNotRunning).orElse(true);
    }
}
