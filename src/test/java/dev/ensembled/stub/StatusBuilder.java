package dev.ensembled.stub;

import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.VolumeSizes;
import java.util.List;

/** Builds the status of a bootstrapped ensemble; every other field is absent until it is set. */
public final class StatusBuilder {
    private List<Condition> conditions;
    private Integer leader;
    private String configVersion;
    private List<Integer> voters;
    private List<MemberStatus> members;
    private RolloutStatus rollout;
    private String sanityTested;
    private Long driftRepairs;
    private VolumeSizes volumes;
    private SourceStatus source;

    private StatusBuilder() {}

    public static StatusBuilder bootstrapped() {
        return new StatusBuilder();
    }

    public StatusBuilder conditions(Condition... value) {
        conditions = List.of(value);
        return this;
    }

    /** Sets the leader and the committed configuration of these voters. */
    public StatusBuilder committed(int leads, String version, Integer... voting) {
        leader = leads;
        configVersion = version;
        voters = List.of(voting);
        return this;
    }

    public StatusBuilder members(MemberStatus... value) {
        members = List.of(value);
        return this;
    }

    public StatusBuilder rollout(RolloutStatus value) {
        rollout = value;
        return this;
    }

    public StatusBuilder sanityTested(String value) {
        sanityTested = value;
        return this;
    }

    public StatusBuilder driftRepairs(long value) {
        driftRepairs = value;
        return this;
    }

    public StatusBuilder volumes(VolumeSizes value) {
        volumes = value;
        return this;
    }

    public StatusBuilder source(SourceStatus value) {
        source = value;
        return this;
    }

    public EnsembleStatus build() {
        return new EnsembleStatus(
                1L,
                conditions,
                leader,
                configVersion,
                voters,
                null,
                true,
                members,
                rollout,
                sanityTested,
                null,
                driftRepairs,
                volumes,
                source);
    }
}
