package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A member that is not back: why, how long the rollout waits for it, and at which gate the ensemble stalls after that.
 * Derived from what is observed, so it survives a restart of the daemon.
 */
final class UnavailableMember {
    /** About the interval at which members that move data are observed. */
    private static final Duration RECHECK_INTERVAL = Duration.ofSeconds(10);

    private final Situation situation;
    private final Member member;
    private final ProgressDeadline progressDeadline;

    private UnavailableMember(Situation situation, Member member) {
        this.situation = situation;
        this.member = member;
        this.progressDeadline = ProgressDeadline.of(situation, member);
    }

    /** Waits for a member until its progress deadline (docs/invariants.md, rule 6). */
    static Optional<Closed> of(Situation situation, Member member) {
        return new UnavailableMember(situation, member).closed();
    }

    private Optional<Closed> closed() {
        String reason = "member " + member.id() + " " + state()
                + ReplacementGates.explain(situation, member)
                        .map(held -> "; it is outdated, and is not replaced because " + held)
                        .orElse("");
        if (ranOutOfMemory() && !isOutdated()) {
            return Closed.stalledAs(Gate.MEMBER_OUT_OF_MEMORY, reason + ". " + Shortage.of(situation, member));
        }
        Optional<Instant> since = unavailableSince();
        if (since.isEmpty()) {
            return Closed.because(reason);
        }
        Instant deadline = since.get().plus(progressDeadline.duration());
        if (situation.now().isBefore(deadline)) {
            return Closed.until(deadline, reason);
        }
        return progressDeadline.isProgressing() ? late(reason) : failed(reason);
    }

    private Optional<Closed> late(String reason) {
        return Closed.until(
                situation.now().plus(RECHECK_INTERVAL),
                reason + "; it still moves data ("
                        + ProgressDeadline.mebibytes(progressDeadline.moved().orElseThrow()) + " so far)");
    }

    private Optional<Closed> failed(String reason) {
        return Closed.stalledAs(
                stalledGate(),
                reason + ". Not back within the progress deadline ("
                        + progressDeadline.duration().toSeconds() + "s). "
                        + progressDeadline
                                .repeatedSync()
                                .map(repeated -> repeated + ". ")
                                .orElse("") + hint() + advice()
                        + "; no other member is restarted");
    }

    private String state() {
        if (member.isUnknown()) {
            return "cannot be read: "
                    + (member.server().isUnknown()
                            ? member.server().detail()
                                    + (member.server().turnedAway() ? Shortage.ofConnections(situation) : "")
                            : member.instance().map(UnavailableMember::describe).orElse(""));
        }
        if (member.instance().isEmpty()) {
            return "has no instance"
                    + (member.server().isDown() ? ": " + member.server().detail() : "");
        }
        Instance instance = member.instance().get();
        if (member.lostItsData()) {
            return DataLoss.describeDisk(member)
                    + DataLoss.removalHeldBecause(situation, member)
                            .map(reason -> ", and stays in the membership because " + reason)
                            .orElse("");
        }
        return switch (instance.phase()) {
            case PENDING -> "has not started: " + describe(instance);
            case CRASHED -> "is not running: " + describe(instance);
            case TERMINATING -> "is terminating";
            case RUNNING, UNKNOWN ->
                member.serves()
                        ? "serves, but is not ready"
                        : "runs, but is " + detail()
                                + (instance.ranOutOfMemory()
                                        ? "; it ran out of memory before: " + describe(instance)
                                        : "");
        };
    }

    private String detail() {
        return member.server().describe() + ": " + member.server().detail()
                + Evidence.contradiction(situation, member)
                        .map(contradiction -> ". Other servers contradict that: " + contradiction)
                        .orElse("");
    }

    static String describe(Instance instance) {
        return instance.message().isBlank() ? instance.reason() : instance.reason() + " (" + instance.message() + ")";
    }

    /**
     * Whether its process was ended because of memory, or was restarted after that and does not serve: it would end
     * again.
     */
    private boolean ranOutOfMemory() {
        return !member.serves()
                && !member.isUnknown()
                && member.instance().filter(Instance::ranOutOfMemory).isPresent();
    }

    private boolean isOutdated() {
        return situation.plan().restarts().stream()
                .anyMatch(outdated -> outdated.member().id() == member.id());
    }

    /** The gate that names what a person has to repair. */
    private Gate stalledGate() {
        if (member.instance().isEmpty()) {
            return Gate.MEMBER_MISSING;
        }
        Instance instance = member.instance().get();
        if (member.isUnknown() || instance.phase() == Phase.TERMINATING) {
            return Gate.UNKNOWN_MEMBER;
        }
        if (member.lostItsData()) {
            return Gate.MEMBER_DATA;
        }
        if (ranOutOfMemory()) {
            return Gate.MEMBER_OUT_OF_MEMORY;
        }
        return switch (instance.phase()) {
            case PENDING -> notStarting(instance.problem());
            case CRASHED -> Gate.MEMBER_CRASHING;
            default ->
                member.serves()
                        ? Gate.MEMBER_NOT_READY
                        : member.server().isNotServing() ? Gate.MEMBER_NOT_SERVING : Gate.MEMBER_NOT_LISTENING;
        };
    }

    private static Gate notStarting(Problem problem) {
        return switch (problem) {
            case UNSCHEDULABLE -> Gate.MEMBER_UNSCHEDULABLE;
            case IMAGE -> Gate.MEMBER_IMAGE;
            case VOLUME -> Gate.MEMBER_VOLUME;
            case NONE, BACK_OFF, HEAP_FULL, MEMORY_LIMIT -> Gate.MEMBER_NOT_STARTING;
        };
    }

    /**
     * If a member of a bootstrapped ensemble has no instance, as under a quota, only the status has the time since
     * which it is missing; the same holds for a member whose own probe finds it ready and which answers all clients but
     * ensembled.
     */
    private Optional<Instant> unavailableSince() {
        if (member.instance().isPresent()) {
            return progressDeadline.since().or(this::unreadableSince);
        }
        return situation.isBootstrapped() ? situation.observed().status().missingSince(member.id()) : Optional.empty();
    }

    private Optional<Instant> unreadableSince() {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member.id() && status.since() != null)
                .filter(status -> member.server().isUnknown()
                        && member.server().describe().equals(status.role()))
                .map(status -> Instant.parse(status.since()))
                .findFirst();
    }

    /** It may be that no server can join the leader; or that this member does serve. */
    private String hint() {
        return NonCommittingLeader.suspect(situation)
                .filter(leader -> member.server().isNotServing())
                .map(leader -> "Member " + leader.id()
                        + " has led since a reconfiguration, and no write has succeeded after it: if it answers"
                        + " no write (ZOOKEEPER-4708), delete its pod. ")
                .or(() -> Evidence.contradiction(situation, member)
                        .map(contradiction ->
                                "It is not replaced while other members contradict its own report. If you know"
                                        + " that it does not serve, restart it by hand. "))
                .orElse("");
    }

    private String advice() {
        Optional<String> pause = situation.pause();
        boolean heldByPause = pause.isPresent()
                && situation.plan().restarts().stream()
                        .anyMatch(outdated -> !outdated.member().isHealthy());
        if (pause.isPresent() && member.lostItsData() && situation.isBootstrapped()) {
            return "The member is not replaced while " + pause.get() + ": end the pause";
        }
        if (heldByPause) {
            return "Outdated members are not replaced while " + pause.get() + ": end the pause, or repair the cause";
        }
        if (member.isUnknown()) {
            return "Repair the cause; the rollout continues when the member can be read. A push does not help: a"
                    + " member that may be serving is not replaced";
        }
        if (member.instance()
                .filter(instance -> instance.phase() == Phase.TERMINATING)
                .isPresent()) {
            return "Its node does not end it: repair the node or, if it never comes back, delete the node. A push does"
                    + " not help";
        }
        return situation.isBootstrapped()
                ? "Push a fix or a revert, or repair the cause"
                : "The ensemble is being bootstrapped (voters: "
                        + Bootstrap.bootstrapMembership(
                                        situation.desired(),
                                        situation.observed().status())
                                .voters()
                                .size()
                        + "); another number of voters takes effect after that. Push a fix, or repair the cause";
    }
}
