package dev.ensembled.reconciler;

import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.List;

/** The description of a status by its differences from another one. */
public final class StatusSketch {
    private final EnsembleStatus base;
    private Boolean bootstrapped;
    private List<MemberStatus> members;
    private RolloutStatus rollout;
    private String sanityTested;
    private Memory memory;

    private StatusSketch(EnsembleStatus base) {
        this.base = base;
        this.bootstrapped = base.bootstrapped();
        this.members = base.members();
        this.rollout = base.rollout();
        this.sanityTested = base.sanityTested();
        this.memory = base.memory();
    }

    /** The status of an ensemble that has served. */
    public static StatusSketch bootstrapped() {
        StatusSketch sketch = new StatusSketch(EnsembleStatus.empty());
        sketch.bootstrapped = true;
        return sketch;
    }

    /** The same status, without the record that the ensemble has served. */
    public static StatusSketch notBootstrapped(EnsembleStatus base) {
        StatusSketch sketch = new StatusSketch(base);
        sketch.bootstrapped = EnsembleStatus.empty().bootstrapped();
        return sketch;
    }

    public StatusSketch members(MemberStatus... statuses) {
        members = List.of(statuses);
        return this;
    }

    /** A gate that has been closed since this time. */
    public StatusSketch closedGate(String gate, String reason, Instant since) {
        rollout = new RolloutStatus(null, gate, reason, since.toString(), 0);
        return this;
    }

    /** The fingerprint for which the last sanity test passed. */
    public StatusSketch sanityTested(String fingerprint) {
        sanityTested = fingerprint;
        return this;
    }

    public StatusSketch memory(Memory remembers) {
        memory = remembers;
        return this;
    }

    public EnsembleStatus build() {
        return new EnsembleStatus(
                base.observedGeneration(),
                base.conditions(),
                base.leader(),
                base.configVersion(),
                base.voters(),
                base.observers(),
                bootstrapped,
                members,
                rollout,
                sanityTested,
                memory,
                base.driftRepairs(),
                base.volumes(),
                base.source());
    }
}
