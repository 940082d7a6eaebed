package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.ReplicaCount;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The platform of a forecast: each step succeeds, and has taken full effect when the ensemble is observed again. */
final class ForecastPlatform implements Platform, SanityTest {
    private final Revision wanted;
    private final ForecastClock clock;
    private final UnaryOperator<Observed> changedEffect;
    private Observed observed;

    ForecastPlatform(Observed observed, Revision wanted, ForecastClock clock, UnaryOperator<Observed> changedEffect) {
        this.observed = observed;
        this.wanted = wanted;
        this.clock = clock;
        this.changedEffect = changedEffect;
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
        Observed now = observed.withStatus(status);
        int replicas = ReplicaCount.wanted(desired, now.members(), status, now.remains(), now.volumes());
        observed = replicas > now.replicas().count() ? now.withObjects(withOutdatedReplicas(now.objects())) : now;
        return observed;
    }

    /** The object with the number of replicas is the last one to be applied. */
    private static List<ObjectState> withOutdatedReplicas(List<ObjectState> objects) {
        if (objects.isEmpty()) {
            return objects;
        }
        List<ObjectState> states = new ArrayList<>(objects);
        ObjectState last = states.remove(states.size() - 1);
        boolean asApplied = last.state() == State.CURRENT || last.state() == State.LAGGING;
        states.add(asApplied ? new ObjectState(last.kind(), last.name(), State.OUTDATED, List.of(), "") : last);
        return states;
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        observed = changedEffect.apply(step.accept(new StepEffect(observed, desired, wanted, clock.instant())));
        return new Outcome.Applied();
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        return new Outcome.Applied();
    }
}
