package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a member may stay away before it has failed (rule 6). Large data takes its time, so:
 *
 * <ol>
 *   <li>each has {@code progressDeadline}, and while the leader feeds a learner, the time that the leader's data takes at a
 *       rate that any disk and network does;
 *   <li>one that goes on moving data after that is late and has not failed, however slow it is;
 *   <li>unless it has moved many times what the leader has: then it begins again and again, as it does when the leader
 *       gives up on it after {@code initLimit};
 *   <li>and one that serves at last has that time once more to be found ready.
 * </ol>
 */
final class ProgressDeadline {
    /** Far less than any disk or network does. */
    private static final long BYTES_PER_SECOND = 4_000_000;
    /**
     * A learner reads its own data, receives, reads from its socket and writes as a snapshot what the leader has, which takes
     * more room there than the leader's own estimate.
     */
    private static final long TIMES = 10;

    private static final long SPARE_BYTES = 256L << 20;

    private final Situation situation;
    private final Member member;

    private ProgressDeadline(Situation situation, Member member) {
        this.situation = situation;
        this.member = member;
    }

    static ProgressDeadline with(Situation situation, Member member) {
        return new ProgressDeadline(situation, member);
    }

    /** How long it is waited for in any case. */
    Duration time() {
        return situation.desired().spec().rollout().progressDeadline().plus(timeForData());
    }

    /**
     * Since when it is waited for; empty if it is ready, or has no instance. One that serves by now has only its platform left
     * to notice, however late it is.
     */
    Optional<Instant> since() {
        return member.instance()
                .filter(instance -> !instance.ready())
                .map(Instance::since)
                .map(unready -> member.serves() && unready.isBefore(servesSince()) ? servesSince() : unready);
    }

    /** As it was reported, if anything was: by its own word a server serves since it began to sync. */
    private Instant servesSince() {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member.id() && status.since() != null)
                .findFirst()
                .map(status -> member.server().describe().equals(status.role())
                        ? Instant.parse(status.since())
                        : situation.now())
                .or(() -> member.server().serving().map(Server.Serving::since))
                .orElse(situation.now());
    }

    /** Whether it was not ready for as long as it may take, and nothing says that it is merely late. */
    boolean isOver() {
        return !isLate()
                && since().filter(since -> !situation.now().isBefore(since.plus(time())))
                        .isPresent();
    }

    /** Whether it still moves data, and not in vain. */
    boolean isLate() {
        return moved().isPresent() && vainly().isEmpty();
    }

    /** How many bytes it has moved, if it goes on doing so. */
    Optional<Long> moved() {
        return member.instance().flatMap(Instance::moved);
    }

    /** What to tell of one that fetches the leader's data again and again; empty if it does not. */
    Optional<String> vainly() {
        return moved().flatMap(moved -> leader().map(Server.Serving::dataBytes)
                .filter(data -> moved > TIMES * data + SPARE_BYTES)
                .map(data -> "it has moved " + mebibytes(moved) + ", many times the " + mebibytes(data)
                        + " that the leader has, so it starts over repeatedly: the leader drops a learner after"
                        + " initLimit; raise it in spec.config"));
    }

    static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    /** While the leader feeds more learners than are in sync, one of them still fetches what the leader has. */
    private Duration timeForData() {
        return member.server() instanceof Server.NotServing
                ? leader().filter(leader -> leader.learners() > leader.syncedFollowers() + leader.syncedObservers())
                        .map(leader -> Duration.ofSeconds(leader.dataBytes() / BYTES_PER_SECOND))
                        .orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    private Optional<Server.Serving> leader() {
        return situation.observed().leader().flatMap(leader -> leader.server().serving());
    }
}
