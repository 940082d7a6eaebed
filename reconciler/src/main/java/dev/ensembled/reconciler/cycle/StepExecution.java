package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;

/** Takes one step: by the platform, by the sanity test, or by the report alone. */
record StepExecution(Platform platform, SanityTest sanityTest, Desired desired, Observed observed)
        implements Step.Visitor<Outcome, RuntimeException> {

    @Override
    public Outcome visit(Step.Apply step) {
        return platform.act(desired, step);
    }

    /** The report records the bootstrap: no other action is needed. */
    @Override
    public Outcome visit(Step.Bootstrap step) {
        return new Outcome.Applied();
    }

    @Override
    public Outcome visit(Step.PermitStart step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.Reconfigure step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.ScaleDown step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.Expand step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.RecreateStatefulSet step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.Snapshot step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.Restart step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.Replace step) {
        return platform.act(desired, step);
    }

    @Override
    public Outcome visit(Step.RunSanityTest step) {
        return sanityTest.writeAndReadBack(
                desired.id(), observed.addressOf(step.writer()), observed.addressOf(step.reader()));
    }
}
