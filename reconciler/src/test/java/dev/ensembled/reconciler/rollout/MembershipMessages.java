package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.List;
import java.util.Set;

/** Situations in which a change of the membership has to wait. */
final class MembershipMessages {
    private MembershipMessages() {}

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.of("A learner that the leader does not count", uncounted()),
                ClosedGate.of("A learner that does not follow", learner(Role.OBSERVER)),
                ClosedGate.of("A paused change of the membership", pausedChange()));
    }

    private static Scene learner(Role role) {
        return Scene.of(2)
                .committed(Membership.ofMajority(0x100000000L, Set.of(1), Set.of()))
                .member(2)
                .admitted(StartPermit.JOIN)
                .serving(role)
                .scene();
    }

    private static Scene uncounted() {
        return learner(Role.FOLLOWER)
                .member(1)
                .serving(Role.LEADER)
                .feeding(-1, 0)
                .scene();
    }

    private static Scene pausedChange() {
        return Scene.of(3, 2).specAsksFor(5, 0).spec(spec -> spec.paused(true));
    }
}
