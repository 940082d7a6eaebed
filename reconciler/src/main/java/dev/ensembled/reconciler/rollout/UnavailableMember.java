package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A member that is not back: why, how long the rollout waits for it, and at which gate the ensemble stalls after that.
 * Derived from what is observed, so it survives a restart of the daemon.
 */
final class UnavailableMember {
    /** About the interval at which members that move data are observed. */
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(10);

    private final Situation situation;
    private final Member member;
    private final ProgressDeadline patience;

    private UnavailableMember(Situation situation, Member member) {
        this.situation = situation;
        this.member = member;
        this.patience = ProgressDeadline.with(situation, member);
    }

    /** Waits for a member until its progress deadline (docs/invariants.md, rule 6). */
    static Optional<Closed> of(Situation situation, Member member) {
        return new UnavailableMember(situation, member).closed();
    }

    private Optional<Closed> closed() {
        String reason = "member " + member.id() + " " + why();
        if (ranOutOfMemory() && !isOutdated()) {
            return Closed.stalledAs(Gate.MEMBER_OUT_OF_MEMORY, reason + ". " + Shortage.of(situation, member));
        }
        Optional<Instant> since = awaySince();
        if (since.isEmpty()) {
            return Closed.because(reason);
        }
        Instant deadline = since.get().plus(patience.time());
        if (situation.now().isBefore(deadline)) {
            return Closed.until(deadline, reason);
        }
        return patience.isLate() ? late(reason) : failed(reason);
    }

    private Optional<Closed> late(String reason) {
        return Closed.until(
                situation.now().plus(ASKED_AGAIN),
                reason + "; it goes on moving data, "
                        + ProgressDeadline.mebibytes(patience.moved().orElseThrow()) + " by now");
    }

    private Optional<Closed> failed(String reason) {
        return Closed.stalledAs(
                stall(),
                reason + "; not back within the progress deadline ("
                        + patience.time().toSeconds() + "s). "
                        + patience.vainly().map(words -> words + ". ").orElse("") + hint() + advice()
                        + "; no other member is restarted");
    }

    private String why() {
        if (member.isUnknown()) {
            return "cannot be read: "
                    + (member.server() instanceof Server.Unknown unknown
                            ? unknown.detail() + (unknown.turnedAway() ? Shortage.ofConnections(situation) : "")
                            : member.instance().map(UnavailableMember::words).orElse(""));
        }
        if (member.instance().isEmpty()) {
            return "has no instance yet" + (member.server() instanceof Server.Down down ? ": " + down.detail() : "");
        }
        Instance instance = member.instance().get();
        if (member.lostItsData()) {
            return DataLoss.words(member)
                    + DataLoss.whatKeeps(situation, member)
                            .map(reason -> ", and stays in the membership because " + reason)
                            .orElse("");
        }
        return switch (instance.phase()) {
            case PENDING -> "has not started: " + words(instance);
            case CRASHED -> "is not running: " + words(instance);
            case TERMINATING -> "is terminating";
            case RUNNING, UNKNOWN ->
                member.serves()
                        ? "serves, but is not ready yet"
                        : "runs, but is " + detail()
                                + (instance.ranOutOfMemory() ? ", since it ran out of memory: " + words(instance) : "");
        };
    }

    private String detail() {
        String detail = member.server() instanceof Server.NotServing notServing
                ? "not serving: " + notServing.detail()
                : member.server() instanceof Server.Down down
                        ? "down: " + down.detail()
                        : member.server().describe();
        return detail
                + Evidence.contradiction(situation, member)
                        .map(words -> ". Other servers contradict that: " + words)
                        .orElse("");
    }

    static String words(Instance instance) {
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
    private Gate stall() {
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
            case PENDING -> pending(instance.reason().toLowerCase(Locale.ROOT));
            case CRASHED -> Gate.MEMBER_CRASHING;
            default ->
                member.serves()
                        ? Gate.MEMBER_NOT_READY
                        : member.server() instanceof Server.NotServing
                                ? Gate.MEMBER_NOT_SERVING
                                : Gate.MEMBER_NOT_LISTENING;
        };
    }

    private static Gate pending(String reason) {
        if (reason.contains("schedul")) {
            return Gate.MEMBER_UNSCHEDULABLE;
        } else if (reason.contains("image")) {
            return Gate.MEMBER_IMAGE;
        }
        return reason.contains("volume") || reason.contains("mount") || reason.contains("attach")
                ? Gate.MEMBER_VOLUME
                : Gate.MEMBER_NOT_STARTING;
    }

    /**
     * If a member of a bootstrapped ensemble has no instance, as under a quota, only the status has the time since
     * which it is missing; the same holds for a member whose own probe finds it ready and which answers all clients but
     * ensembled.
     */
    private Optional<Instant> awaySince() {
        if (member.instance().isPresent()) {
            return patience.since().or(this::unreadableSince);
        }
        return situation.isBootstrapped() ? situation.observed().status().missingSince(member.id()) : Optional.empty();
    }

    private Optional<Instant> unreadableSince() {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member.id() && status.since() != null)
                .filter(status -> member.server() instanceof Server.Unknown
                        && member.server().describe().equals(status.role()))
                .map(status -> Instant.parse(status.since()))
                .findFirst();
    }

    /** It may be that no server can join the leader; or that this member does serve. */
    private String hint() {
        return NonCommittingLeader.suspect(situation)
                .filter(leader -> member.server() instanceof Server.NotServing)
                .map(leader -> "Member " + leader.id()
                        + " has led since a reconfiguration, and no write has succeeded since: if no"
                        + " write is answered (ZOOKEEPER-4708), delete its pod. ")
                .or(() -> Evidence.contradiction(situation, member)
                        .map(words -> "It is not replaced while other members contradict its own report; if you know"
                                + " that it is not serving, restart it by hand. "))
                .orElse("");
    }

    private String advice() {
        boolean heldByPause = situation.desired().spec().rollout().paused()
                && situation.plan().restarts().stream()
                        .anyMatch(outdated -> !outdated.member().isHealthy());
        if (heldByPause) {
            return "Outdated members are not replaced while spec.rollout.paused is true: end the pause, or repair the"
                    + " cause";
        }
        if (member.isUnknown()) {
            return "Repair what keeps it from being read, then the rollout continues by itself. A push does not help, since"
                    + " no server that may be serving is restarted meanwhile";
        }
        return situation.isBootstrapped()
                ? "Push a fix or a revert, or repair the cause"
                : "The ensemble is being bootstrapped with "
                        + Bootstrap.founders(
                                        situation.desired(),
                                        situation.observed().status())
                                .voters()
                                .size()
                        + " voters: other numbers of servers have to wait until it serves. Push a fix, or repair the"
                        + " cause";
    }
}
