package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.plan.EffectiveState;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.util.Optional;

/**
 * A server that was restarted because its effective state differed from the spec, and still differs: another restart
 * does not help.
 */
final class EffectiveDrift {
    private EffectiveDrift() {}

    static Optional<Decision> persisting(Situation situation, OutdatedMember outdated) {
        if (!outdated.reasons().contains(RestartReason.EFFECTIVE_STATE_DRIFTED)) {
            return Optional.empty();
        }
        String drift =
                EffectiveState.drift(situation.desired(), outdated.member()).orElse("");
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == outdated.member().id())
                .filter(status -> drift.equals(status.drift()))
                .filter(status -> !outdated.instance().uid().equals(status.driftOf()))
                .map(MemberStatus::id)
                .findFirst()
                .map(id -> new Decision.Stalled(
                        Gate.EFFECTIVE_STATE,
                        "member " + id + " still differs from the spec after its restart: " + drift
                                + ". Check its image and what else sets its configuration, or change the spec; no"
                                + " other member is restarted for this difference"));
    }
}
