package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.report.Events;
import dev.ensembled.reconciler.report.StatusReport;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.FailingSanityTest;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.FailedSanityTest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the status when it has changed, and publishes events. Keeps the status that it wrote last, since the store may
 * read from a cache that is behind; losing it costs at most a repeated event.
 */
final class Reporter {
    private final EnsembleStore store;
    private final Clock clock;
    private final Map<EnsembleId, EnsembleStatus> written = new ConcurrentHashMap<>();
    private final Map<EnsembleId, String> blocked = new ConcurrentHashMap<>();

    Reporter(EnsembleStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The last reported status: by this daemon, or by the one before it. */
    EnsembleStatus lastReported(Accepted accepted) {
        return written.getOrDefault(accepted.id(), accepted.status());
    }

    /** The status of an ensemble of which no replica has reported one yet; it is not written. */
    EnsembleStatus unreported(Accepted accepted, Desired desired, Observed observed, Decision decision) {
        return status(accepted, accepted.status(), desired, observed, decision);
    }

    void forget(EnsembleId id) {
        written.remove(id);
        blocked.remove(id);
    }

    /** Reports a decision without a step. */
    EnsembleStatus report(Accepted accepted, Desired desired, Observed observed, Decision decision) {
        EnsembleStatus before = lastReported(accepted);
        EnsembleStatus status = status(accepted, before, desired, observed, decision);
        write(accepted, status, false);
        Events.ofDecision(before, decision).forEach(event -> store.publish(accepted.id(), event));
        return status;
    }

    /**
     * Reports that a step is about to be taken, with what each server has acknowledged so far. While the platform keeps
     * blocking exactly that step, the status keeps reporting the block.
     *
     * @return the ensemble with its new status
     */
    Accepted announce(Accepted accepted, Desired desired, Observed observed, Decision.Act act) {
        EnsembleStatus before = lastReported(accepted);
        EnsembleStatus status = status(accepted, before, desired, observed, act);
        boolean blockedLastTime = act.step().describe().equals(blocked.get(accepted.id()));
        EnsembleStatus announced = blockedLastTime ? before.withMembers(status.members()) : status;
        write(accepted, announced, true);
        return accepted.reported(announced);
    }

    /** Reports a decision to act, together with the outcome of its step. */
    EnsembleStatus report(Accepted accepted, Desired desired, Observed observed, Decision.Act act, Outcome outcome) {
        return outcome.accept(new Outcome.Visitor<>() {
            @Override
            public EnsembleStatus visit(Outcome.Applied applied) {
                EnsembleStatus status = status(accepted, lastReported(accepted), desired, observed, act);
                EnsembleStatus after = act.step().accept(new StatusAfterStep(status, observed));
                Events.ofStep(act.step()).forEach(event -> store.publish(accepted.id(), event));
                return unblocked(accepted, after);
            }

            @Override
            public EnsembleStatus visit(Outcome.Blocked refusal) {
                blocked.put(accepted.id(), act.step().describe());
                return report(
                        accepted,
                        desired,
                        observed,
                        new Decision.Wait(refusal.gate(), refusal.reason(), Optional.empty()));
            }

            @Override
            public EnsembleStatus visit(Outcome.SanityTestFailed failure) {
                return report(
                        accepted, desired, observed, act.step().sanityTest().orElseThrow(), failure);
            }

            @Override
            public EnsembleStatus visit(Outcome.Stale stale) {
                return unblocked(accepted, status(accepted, lastReported(accepted), desired, observed, act));
            }
        });
    }

    /** Writes the status after a step that the platform did not block. */
    private EnsembleStatus unblocked(Accepted accepted, EnsembleStatus status) {
        blocked.remove(accepted.id());
        write(accepted, status, false);
        return status;
    }

    /** Reports a failed sanity test as a closed gate, and remembers since when it has failed for these instances. */
    private EnsembleStatus report(
            Accepted accepted,
            Desired desired,
            Observed observed,
            Step.RunSanityTest test,
            Outcome.SanityTestFailed failure) {
        EnsembleStatus before = lastReported(accepted);
        int member = failure.half() == Outcome.Half.WRITER ? test.writer() : test.reader();
        FailedSanityTest failed =
                FailingSanityTest.recordFailure(before, test.fingerprint(), member, failure.refused(), clock.instant());
        Decision decision = FailingSanityTest.decision(desired, observed, failed, failure.reason(), clock.instant());
        EnsembleStatus status = status(accepted, before, desired, observed, decision);
        EnsembleStatus remembering = status.withMemory(status.memory().failing(failed));
        write(accepted, remembering, false);
        Events.ofDecision(before, decision).forEach(event -> store.publish(accepted.id(), event));
        return remembering;
    }

    private EnsembleStatus status(
            Accepted accepted, EnsembleStatus before, Desired desired, Observed observed, Decision decision) {
        return StatusReport.of(before, desired, observed, decision, accepted.source(), clock.instant());
    }

    private void write(Accepted accepted, EnsembleStatus status, boolean zxidsMatter) {
        EnsembleStatus last = written.getOrDefault(accepted.id(), accepted.status());
        boolean known = isSame(last, status, zxidsMatter) && isSame(accepted.status(), status, zxidsMatter);
        if (!known) {
            try {
                store.writeStatus(accepted.id(), last, status);
            } catch (ChangedMeanwhileException e) {
                // Another daemon reports: the next cycle is based on what it wrote.
                written.remove(accepted.id());
                throw e;
            }
            written.put(accepted.id(), status);
        }
    }

    private static boolean isSame(EnsembleStatus last, EnsembleStatus status, boolean zxidsMatter) {
        return zxidsMatter ? last.equals(status) : StatusReport.sameButForZxids(last, status);
    }
}
