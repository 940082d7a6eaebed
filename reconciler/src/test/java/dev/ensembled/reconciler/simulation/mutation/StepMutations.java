package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.Step.Change;
import java.util.List;

/** Mutations by which the daemon takes another step than the decided one. */
final class StepMutations {
    private StepMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofStep(
                        "without removal of a member before it joins again", StepMutations::permitInPlaceOfRemoval),
                Mutation.ofStep("without one member per reconfiguration", StepMutations::joinTwo),
                Mutation.ofStep(
                        "without hand-off before the removal of a leader", StepMutations::removeInPlaceOfDemotion),
                Mutation.ofStep(
                        "without replacement of a non-committing leader", StepMutations::testInPlaceOfReplacement),
                Mutation.ofStep(
                        "without removal of a member before scale-down", StepMutations::scaleDownInPlaceOfRemoval));
    }

    private static Step permitInPlaceOfRemoval(Observed observed, Step step) {
        if (!(step instanceof Step.Reconfigure removal) || removal.change() != Change.REMOVE) {
            return step;
        }
        Member lost = observed.members().get(removal.member() - 1);
        return lost.serves() || lost.instance().isEmpty()
                ? step
                : new Step.PermitStart(lost.id(), lost.instance().get(), Instance.StartPermit.JOIN, removal.from());
    }

    private static Step scaleDownInPlaceOfRemoval(Observed observed, Step step) {
        return step instanceof Step.Reconfigure removal && removal.change() == Change.REMOVE
                ? new Step.ScaleDown(observed.replicas(), removal.member() - 1, List.of(removal.member()))
                : step;
    }

    private static Step testInPlaceOfReplacement(Observed observed, Step step) {
        return step instanceof Step.Replace replace && replace.reasons().contains(RestartReason.LEADER_COMMITS_NOTHING)
                ? new Step.RunSanityTest(replace.member(), replace.member(), "nothing")
                : step;
    }

    private static Step removeInPlaceOfDemotion(Observed observed, Step step) {
        return step instanceof Step.Reconfigure demotion && demotion.change() == Change.DEMOTE
                ? new Step.Reconfigure(
                        Change.REMOVE,
                        demotion.member(),
                        demotion.from(),
                        demotion.from().without(demotion.member()),
                        demotion.leader())
                : step;
    }

    private static Step joinTwo(Observed observed, Step step) {
        return step instanceof Step.Reconfigure join && join.change() == Change.JOIN
                ? new Step.Reconfigure(
                        Change.JOIN,
                        join.member(),
                        join.from(),
                        join.to().with(join.member() + 1, false),
                        join.leader())
                : step;
    }
}
