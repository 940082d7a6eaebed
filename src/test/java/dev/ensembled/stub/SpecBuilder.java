package dev.ensembled.stub;

import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Budget;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Credentials;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.model.MetricsSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import java.util.List;
import java.util.Map;

/** Builds a spec; every field that a test does not set has its default. */
public final class SpecBuilder {
    private final int voters;
    private String version = "3.9.5";
    private Integer observers;
    private Map<String, String> config;
    private Jvm jvm;
    private MetricsSpec metrics;
    private Budget budget;
    private RolloutSpec rollout;
    private DeletionPolicy deletionPolicy;
    private Credentials credentials;

    private SpecBuilder(int voters) {
        this.voters = voters;
    }

    public static SpecBuilder voters(int voters) {
        return new SpecBuilder(voters);
    }

    public SpecBuilder version(String value) {
        version = value;
        return this;
    }

    public SpecBuilder observers(int value) {
        observers = value;
        return this;
    }

    public SpecBuilder config(Map<String, String> value) {
        config = value;
        return this;
    }

    public SpecBuilder jvm(String heap, String... options) {
        jvm = new Jvm(heap, List.of(options));
        return this;
    }

    /** The servers export their metrics, in a cluster at this port. */
    public SpecBuilder metrics(int port) {
        metrics = new MetricsSpec(port);
        return this;
    }

    public SpecBuilder maxUnavailable(int value) {
        budget = new Budget(value);
        return this;
    }

    public SpecBuilder rollout(RolloutBuilder value) {
        rollout = value.build();
        return this;
    }

    public SpecBuilder deletionPolicy(DeletionPolicy value) {
        deletionPolicy = value;
        return this;
    }

    public SpecBuilder rotation(int value) {
        credentials = new Credentials(value);
        return this;
    }

    public EnsembleSpec build() {
        return new EnsembleSpec(
                version,
                null,
                voters,
                observers,
                config,
                jvm,
                metrics,
                null,
                null,
                null,
                null,
                budget,
                rollout,
                deletionPolicy,
                null,
                credentials);
    }
}
