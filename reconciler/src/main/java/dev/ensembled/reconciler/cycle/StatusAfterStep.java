package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.FailingSanityTest;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;

/** The status after a step was taken: with what the rollout has to remember of that step. */
record StatusAfterStep(EnsembleStatus status, Observed observed)
        implements Step.Visitor<EnsembleStatus, RuntimeException> {

    @Override
    public EnsembleStatus visit(Step.Apply step) {
        long repairs = step.objects().stream()
                .filter(object -> object.state() == State.DRIFTED)
                .count();
        return repairs == 0 ? status : status.withMoreDriftRepairs(repairs);
    }

    @Override
    public EnsembleStatus visit(Step.Bootstrap step) {
        return status.withMemory(status.memory().bootstrapping(step.voters(), step.observers()));
    }

    @Override
    public EnsembleStatus visit(Step.PermitStart step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.Reconfigure step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.ScaleDown step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.Expand step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.RecreateStatefulSet step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.Snapshot step) {
        return status.withMemory(status.memory().snapshotTakenFor(step.version()));
    }

    @Override
    public EnsembleStatus visit(Step.Restart step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.Replace step) {
        return status;
    }

    @Override
    public EnsembleStatus visit(Step.RunSanityTest step) {
        return FailingSanityTest.recordSuccess(status, step.fingerprint(), observed);
    }
}
