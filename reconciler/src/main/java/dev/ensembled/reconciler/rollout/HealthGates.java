package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.desired.Desired.Place;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Gate.Closed;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.reconciler.spec.EnsembleStatus.MemberStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The gates that say whether the ensemble is whole: every member is seen, serves, follows the one leader, has what it had,
 * and has held that for a while. They hold before each step on a healthy member, and after the last.
 */
final class HealthGates {

    /** In order: what makes the others unreadable comes first. */
    static final List<Gate> BEFORE_SANITY_TEST = List.of(
            new Gate("unknown-member", HealthGates::everyMemberIsKnown),
            new Gate("member-down", HealthGates::everyMemberServes),
            new Gate("one-leader", HealthGates::allFollowOneLeader),
            new Gate("config-version", HealthGates::sameMembership),
            new Gate("member-role", HealthGates::everyMemberVotesAsItShould),
            new Gate("data-behind", HealthGates::nothingIsMissing));

    static final List<Gate> AFTER_SANITY_TEST =
            List.of(new Gate("settle", HealthGates::settled), new Gate("contested", HealthGates::objectsAreOurs));

    private HealthGates() {}

    /** Rule 1: unknown is never fine. One that was asked to go is expected to fall silent: the next gate waits for it. */
    private static Optional<Closed> everyMemberIsKnown(Situation situation) {
        return situation.observed().members().stream()
                .filter(HealthGates::isUnknown)
                .filter(member -> member.instance()
                        .filter(instance -> instance.phase() == Phase.TERMINATING)
                        .isEmpty())
                .findFirst()
                .flatMap(member -> notBack(situation, member, "cannot be read: " + unknownDetail(member)));
    }

    /** A server need not be read when its instance is known not to run. */
    static boolean isUnknown(Member member) {
        boolean notRunning = member.instance().filter(Instance::knownNotRunning).isPresent();
        return (member.server() instanceof Server.Unknown && !notRunning)
                || member.instance().filter(i -> i.phase() == Phase.UNKNOWN).isPresent();
    }

    private static String unknownDetail(Member member) {
        return member.server() instanceof Server.Unknown unknown
                ? unknown.detail()
                : member.instance().map(HealthGates::words).orElse("");
    }

    /** Rules 2, 5 and 6: nobody is down, terminating or syncing; one that stays away stalls the ensemble. */
    private static Optional<Closed> everyMemberServes(Situation situation) {
        return situation.observed().members().stream()
                .filter(member -> !isBack(member))
                .findFirst()
                .flatMap(member -> notBack(situation, member, whyNotBack(member)));
    }

    static boolean isBack(Member member) {
        return member.serves()
                && member.instance()
                        .filter(i -> i.phase() == Phase.RUNNING && i.ready())
                        .isPresent();
    }

    private static String whyNotBack(Member member) {
        if (member.instance().isEmpty()) {
            return "has no instance yet";
        }
        Instance instance = member.instance().get();
        return switch (instance.phase()) {
            case PENDING -> "has not started: " + words(instance);
            case CRASHED -> "is not running: " + words(instance);
            case TERMINATING -> "is terminating";
            case RUNNING, UNKNOWN ->
                member.serves() ? "serves, but is not ready yet" : "runs, but is " + detail(member);
        };
    }

    private static String detail(Member member) {
        if (member.server() instanceof Server.NotServing notServing) {
            return "not serving: " + notServing.detail();
        }
        return member.server() instanceof Server.Down down
                ? "down: " + down.detail()
                : member.server().describe();
    }

    private static String words(Instance instance) {
        return instance.message().isBlank() ? instance.reason() : instance.reason() + " (" + instance.message() + ")";
    }

    /** Of a member of a formed ensemble that has no instance, as under a quota, only the report tells since when. */
    private static Optional<Instant> awaySince(Situation situation, Member member) {
        if (member.instance().isPresent()) {
            return member.instance().filter(i -> !i.ready()).map(Instance::since);
        }
        EnsembleStatus reported = situation.observed().status();
        return reported.members().stream()
                .filter(status -> reported.hasFormed())
                .filter(status -> status.id() == member.id() && status.name() == null && status.since() != null)
                .map(status -> Instant.parse(status.since()))
                .findFirst();
    }

    /** Waits for the member, but no longer than it may take; derived from what is observed, so it survives a restart. */
    private static Optional<Closed> notBack(Situation situation, Member member, String why) {
        Duration timeout = situation.desired().spec().rollout().memberTimeout();
        String reason = "member " + member.id() + " " + why;
        Optional<Instant> deadline = awaySince(situation, member).map(since -> since.plus(timeout));
        if (deadline.isEmpty()) {
            return Closed.because(reason);
        }
        return situation.now().isBefore(deadline.get())
                ? Closed.until(deadline.get(), reason)
                : Closed.stalled(reason + "; it is not back after " + timeout.toSeconds() + " s. " + advice(situation)
                        + ", or repair the cause; no other member is touched");
    }

    private static String advice(Situation situation) {
        boolean heldByPause = situation.desired().spec().rollout().paused()
                && situation.plan().restarts().stream().anyMatch(outdated -> !isBack(outdated.member()));
        return heldByPause
                ? "Outdated members are not replaced while spec.rollout.paused is true: end the pause"
                : "Push a fix or a revert";
    }

    /** Rule 2: exactly one leader is seen, and all follow it. */
    private static Optional<Closed> allFollowOneLeader(Situation situation) {
        Observed observed = situation.observed();
        long leaders = observed.members().stream().filter(Member::leads).count();
        if (leaders != 1) {
            return Closed.because(leaders + " members say that they lead");
        }
        Server.Serving leader =
                observed.leader().flatMap(m -> m.server().serving()).orElseThrow();
        long followers = count(situation, Server.Role.FOLLOWER);
        long observers = count(situation, Server.Role.OBSERVER);
        if (leader.syncedFollowers() != followers || leader.syncedObservers() != observers) {
            return Closed.because("the leader says that %d of %d followers and %d of %d observers are in sync with it"
                    .formatted(leader.syncedFollowers(), followers, leader.syncedObservers(), observers));
        }
        return Optional.empty();
    }

    private static long count(Situation situation, Server.Role role) {
        return situation.serving().stream().filter(s -> s.role() == role).count();
    }

    /** Rule 2: every server reports the same configuration. */
    private static Optional<Closed> sameMembership(Situation situation) {
        long versions = situation.serving().stream()
                .map(Server.Serving::membership)
                .distinct()
                .count();
        return versions == 1
                ? Optional.empty()
                : Closed.because("the members report " + versions + " different configurations: "
                        + situation.serving().stream()
                                .map(s -> Long.toHexString(s.configVersion()))
                                .distinct()
                                .collect(joining(", ")));
    }

    /** Rule 5: each votes as it should in the committed configuration. */
    private static Optional<Closed> everyMemberVotesAsItShould(Situation situation) {
        Set<Integer> voters = situation.quorum().map(Quorum::voters).orElse(Set.of());
        return situation.desired().members().stream()
                .filter(place -> place.voter() != voters.contains(place.id()))
                .map(Place::id)
                .findFirst()
                .flatMap(id -> Closed.stalled("member " + id + " is "
                        + (voters.contains(id) ? "a voter" : "no voter")
                        + " in the committed configuration, against the spec"));
    }

    /** Rule 5: its zxid is not behind what it had acknowledged. */
    private static Optional<Closed> nothingIsMissing(Situation situation) {
        for (Member member : situation.observed().members()) {
            long had = acknowledged(situation, member.id());
            long has = member.server().serving().map(Server.Serving::zxid).orElse(Long.MAX_VALUE);
            if (Long.compareUnsigned(has, had) < 0) {
                return Closed.stalled(
                        "member %d had zxid 0x%x and now has 0x%x: it lost acknowledged writes. Do not restart"
                                        .formatted(member.id(), had, has)
                                + " any member before its data is recovered");
            }
        }
        return Optional.empty();
    }

    private static long acknowledged(Situation situation, int member) {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member)
                .mapToLong(MemberStatus::zxidOrZero)
                .findFirst()
                .orElse(0);
    }

    /** Rule 5: all of that has been held for a while. */
    private static Optional<Closed> settled(Situation situation) {
        Duration settle = situation.desired().spec().rollout().settle();
        Instant last = situation.observed().members().stream()
                .map(HealthGates::wholeSince)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        Instant settled = last.equals(Instant.MIN) ? last : last.plus(settle);
        return situation.now().isBefore(settled)
                ? Closed.until(
                        settled,
                        "the ensemble is whole since " + last + ", and settles for " + settle.toMillis() + " ms")
                : Optional.empty();
    }

    private static Instant wholeSince(Member member) {
        Instant ready = member.instance().map(Instance::since).orElse(Instant.MIN);
        Instant serving = member.server().serving().map(Server.Serving::since).orElse(Instant.MIN);
        return ready.isAfter(serving) ? ready : serving;
    }

    /** While somebody else keeps changing an object back, the wanted revision is not ours to roll to. */
    private static Optional<Closed> objectsAreOurs(Situation situation) {
        return situation.observed().objects().stream()
                .filter(object -> object.state() == State.CONTESTED)
                .findFirst()
                .flatMap(object -> Closed.stalled(contest(object)));
    }

    private static String contest(ObjectState object) {
        return object.label() + " is changed back again and again"
                + (object.changedBy().isEmpty() ? "" : " by " + object.changedBy())
                + " in " + String.join(", ", object.fields())
                + ". Let only one of the two own these fields";
    }
}
