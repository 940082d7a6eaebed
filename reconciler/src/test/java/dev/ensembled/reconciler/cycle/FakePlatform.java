package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A test double for all ports of the cycle: returns scenes, and records what the cycle does, in order. */
final class FakePlatform implements EnsembleStore, Platform, SanityTest {
    final List<String> log = new ArrayList<>();
    final List<EnsembleEvent> events = new ArrayList<>();
    Scene cached = Scene.of(3);
    Optional<Scene> fresh = Optional.empty();
    EnsembleStatus status;
    boolean exists = true;
    boolean edited;
    Optional<String> refusedByPlatform = Optional.empty();
    Outcome outcome = new Outcome.Applied();
    boolean statusCannotBeWritten;
    boolean statusIsOfAnotherDaemon;
    EnsembleStatus before;
    History history = History.EMPTY;
    int historyWrites;
    boolean historyCannotBeRead;
    boolean historyCannotBeWritten;
    boolean historyIsOfAnotherDaemon;

    FakePlatform showing(Scene scene) {
        cached = scene;
        status = scene.observed().status();
        return this;
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        Desired desired = cached.desired();
        return exists
                ? Optional.of(new Accepted(
                        id, desired.spec(), desired.generation(), Optional.empty(), edited, Requests.NONE, status))
                : Optional.empty();
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus written) {
        if (statusCannotBeWritten) {
            throw new RetryLaterException("the store is away", new IOException("timeout"));
        }
        this.before = before;
        if (statusIsOfAnotherDaemon) {
            throw new ChangedMeanwhileException("the status was changed", null);
        }
        log.add("write status");
        status = written;
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        events.add(event);
    }

    @Override
    public History history(EnsembleId id) {
        if (historyCannotBeRead) {
            throw new RetryLaterException("the store is away", new IOException("timeout"));
        }
        return history;
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History written) {
        if (historyCannotBeWritten) {
            throw new RetryLaterException("the store is away", new IOException("timeout"));
        }
        if (historyIsOfAnotherDaemon) {
            throw new ChangedMeanwhileException("the history was changed", null);
        }
        historyWrites++;
        history = written;
    }

    @Override
    public Optional<String> refusal(EnsembleSpec spec) {
        return refusedByPlatform;
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus last, ReadMode mode) {
        log.add("look " + mode);
        Observed seen = (mode == ReadMode.FRESH ? fresh.orElse(cached) : cached).observed();
        return new Observed(
                seen.objects(), seen.target(), seen.members(), seen.budgets(), seen.replicas(), true, List.of(), last);
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        log.add(step.describe());
        return outcome;
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        log.add("write through " + writer + ", read through " + reader);
        return outcome;
    }

    @Override
    public List<Accepted> list() {
        return get(Scene.ID).stream().toList();
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle accepts nothing");
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle marks nothing");
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle removes nothing");
    }
}
