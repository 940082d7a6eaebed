package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a member may be unavailable before it has failed (docs/invariants.md, rule 6). Large data takes time, so:
 *
 * <ol>
 *   <li>each member has {@code progressDeadline}, and while the leader feeds a learner, also the time that the leader's
 *       data takes at a rate that any disk and network reaches;
 *   <li>a member that still moves data after that is late and has not failed, however slow it is;
 *   <li>unless it has moved many times the data of the leader: then it starts over repeatedly, as when the leader drops
 *       it after {@code initLimit};
 *   <li>a member that serves at last gets that time once more to become ready.
 * </ol>
 */
final class ProgressDeadline {
    /** Far less than any disk or network reaches. */
    private static final long BYTES_PER_SECOND = 4_000_000;
    /**
     * A learner reads its own data, receives the leader's data, reads it from its socket and writes it as a snapshot,
     * in which it takes more room than the leader's own estimate.
     */
    private static final long MAX_TIMES_OF_DATA = 10;

    private static final long SPARE_BYTES = 256L << 20;

    private final Situation situation;
    private final Member member;

    private ProgressDeadline(Situation situation, Member member) {
        this.situation = situation;
        this.member = member;
    }

    static ProgressDeadline of(Situation situation, Member member) {
        return new ProgressDeadline(situation, member);
    }

    /** The time for which the rollout waits for the member in any case. */
    Duration duration() {
        return situation.desired().spec().rollout().progressDeadline().plus(timeForData());
    }

    /**
     * The time from which the deadline counts; empty if the member is ready, or has no instance. When a member serves,
     * only its platform still has to notice, so the time counts from then, however late the member is.
     */
    Optional<Instant> since() {
        return member.instance()
                .filter(instance -> !instance.ready())
                .map(Instance::since)
                .map(notReadySince ->
                        member.serves() && notReadySince.isBefore(servingSince()) ? servingSince() : notReadySince);
    }

    /** As it was reported, if it was: the time that a server itself reports begins when it began to sync. */
    private Instant servingSince() {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member.id() && status.since() != null)
                .findFirst()
                .map(status -> member.server().describe().equals(status.role())
                        ? Instant.parse(status.since())
                        : situation.now())
                .or(() -> member.server().serving().map(Server.Serving::since))
                .orElse(situation.now());
    }

    /** Whether the member has not been ready by its deadline, and no sign says that it is only late. */
    boolean hasPassed() {
        return !isProgressing()
                && since().filter(since -> !situation.now().isBefore(since.plus(duration())))
                        .isPresent();
    }

    /** Whether the member still moves data, and does not start over repeatedly. */
    boolean isProgressing() {
        return moved().isPresent() && repeatedSync().isEmpty();
    }

    /** How many bytes the member has moved, if it still moves data. */
    Optional<Long> moved() {
        return member.instance().flatMap(Instance::moved);
    }

    /** Describes a member that fetches the leader's data again and again; empty if it does not. */
    Optional<String> repeatedSync() {
        return moved().flatMap(moved -> leader().map(Server.Serving::dataBytes)
                .filter(data -> moved > MAX_TIMES_OF_DATA * data + SPARE_BYTES)
                .map(data -> "It has moved " + mebibytes(moved) + ", many times the leader's " + mebibytes(data)
                        + ": its synchronization starts over repeatedly. The leader drops a learner that takes longer"
                        + " than initLimit; raise initLimit in spec.config"));
    }

    static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    /** While the leader feeds more learners than are in sync, one of them still fetches the leader's data. */
    private Duration timeForData() {
        return member.server().isNotServing()
                ? leader().filter(leader -> leader.learners() > leader.syncedFollowers() + leader.syncedObservers())
                        .map(leader -> Duration.ofSeconds(leader.dataBytes() / BYTES_PER_SECOND))
                        .orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    private Optional<Server.Serving> leader() {
        return situation.observed().leader().flatMap(leader -> leader.server().serving());
    }
}
