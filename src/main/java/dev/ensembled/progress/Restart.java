package dev.ensembled.progress;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A restart of a member, from the step that ended its instance on. Used by one thread at a time. */
final class Restart {
    private final String ended;
    private final Instant began;
    private final Set<RestartPhase> reached = EnumSet.noneOf(RestartPhase.class);

    /**
     * Creates a restart.
     *
     * @param ended the UID of the instance that the step ended
     */
    Restart(String ended, Instant began) {
        this.ended = ended;
        this.began = began;
    }

    Instant began() {
        return began;
    }

    /** Records a phase, and returns whether it had not been reached before. */
    boolean reach(RestartPhase phase) {
        return reached.add(phase);
    }

    boolean has(RestartPhase phase) {
        return reached.contains(phase);
    }

    /** The phases that the member has reached by now, in their order, without those that a step reaches. */
    List<RestartPhase> phases(Member member) {
        Optional<Instance> next =
                member.instance().filter(instance -> !instance.uid().equals(ended));
        if (next.isEmpty()) {
            return member.instance().isEmpty() ? List.of(RestartPhase.GONE) : List.of();
        }
        if (next.get().phase() != Instance.Phase.RUNNING) {
            return List.of(RestartPhase.GONE);
        }
        if (!member.serves()) {
            return List.of(RestartPhase.GONE, RestartPhase.RUNNING);
        }
        return member.isHealthy()
                ? List.of(RestartPhase.GONE, RestartPhase.RUNNING, RestartPhase.SERVING, RestartPhase.READY)
                : List.of(RestartPhase.GONE, RestartPhase.RUNNING, RestartPhase.SERVING);
    }
}
