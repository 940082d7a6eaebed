package dev.ensembled.stub;

import dev.ensembled.reconciler.spec.model.RolloutSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.util.List;

/** Builds the rollout part of a spec, without a settle period; every other field has its default until it is set. */
public final class RolloutBuilder {
    private Boolean paused;
    private Duration progressDeadline;
    private List<Window> windows;
    private Approval approval;

    private RolloutBuilder() {}

    public static RolloutBuilder unsettled() {
        return new RolloutBuilder();
    }

    public RolloutBuilder paused() {
        paused = true;
        return this;
    }

    public RolloutBuilder progressDeadline(Duration value) {
        progressDeadline = value;
        return this;
    }

    public RolloutBuilder window(Window value) {
        windows = List.of(value);
        return this;
    }

    public RolloutBuilder approval(Approval value) {
        approval = value;
        return this;
    }

    RolloutSpec build() {
        return new RolloutSpec(paused, Duration.ZERO, progressDeadline, null, windows, approval, null);
    }
}
