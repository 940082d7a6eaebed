package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.reconciler.spec.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a write tells that nothing else does. */
class ProofTest {

    /** A status that says that the sanity test fails. */
    static EnsembleStatus failingSince(Instant since, String verified) {
        RolloutStatus rollout = new RolloutStatus(null, "sanity-test", "no answer", since.toString(), 0);
        return new EnsembleStatus(
                null, null, null, null, null, null, true, null, rollout, verified, null, null, null, null);
    }

    private static Scene reconfigured(Instant since) {
        EnsembleStatus before = failingSince(
                since,
                Situation.of(Scene.of(3).desired(), Scene.of(3).observed(), Scene.NOW)
                        .fingerprint());
        return Scene.of(3)
                .committed(Membership.ofMajority(0x100000009L, Set.of(1, 2, 3), Set.of()))
                .reported(before)
                .member(1)
                .zxid(0x10000000aL)
                .scene();
    }

    @Test
    void aLeaderThatCommitsNothingAfterAReconfigurationHasToLetAnotherLead() {
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(9)))).isInstanceOf(Step.Verify.class);
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(10))))
                .asInstanceOf(type(Step.Restart.class))
                .satisfies(restart -> {
                    assertThat(restart.leader()).isTrue();
                    assertThat(restart.reasons()).containsExactly(RestartReason.LEADER_COMMITS_NOTHING);
                });
    }
}
