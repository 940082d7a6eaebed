package dev.ensembled.daemon;

import dev.ensembled.access.Authorizer;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.leadership.Alone;
import dev.ensembled.leadership.Leadership;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A runtime that never reports a change or a problem. */
record StubRuntime(
        EnsembleStore store, Platform platform, Function<String, AcceptedCommits> histories, Leadership leadership)
        implements PlatformRuntime {

    /** A runtime of the only replica. */
    StubRuntime(EnsembleStore store, Platform platform, Function<String, AcceptedCommits> histories) {
        this(store, platform, histories, new Alone());
    }

    /** A runtime of the only replica, that keeps no history. */
    StubRuntime(EnsembleStore store, Platform platform) {
        this(store, platform, source -> AcceptedCommits.none());
    }

    @Override
    public AcceptedCommits acceptedCommits(String installation, String source) {
        return histories.apply(source);
    }

    @Override
    public List<String> superPasswords(EnsembleId id) {
        return List.of();
    }

    @Override
    public DryRun dryRun() {
        return new DryRun() {
            @Override
            public Revision wantedRevision(Desired desired) {
                return new Revision("wanted", Map.of());
            }

            @Override
            public Outcome evict(EnsembleId ensemble, Instance instance) {
                return new Outcome.Applied();
            }
        };
    }

    @Override
    public Authorizer authorizer() {
        throw new UnsupportedOperationException("the API has no client");
    }

    @Override
    public void watch(Consumer<EnsembleId> changed) {}

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
