package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.ObjectState.State;
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
        boolean refusedLastTime = act.step().describe().equals(blocked.get(accepted.id()));
        EnsembleStatus announced = refusedLastTime ? before.withMembers(status.members()) : status;
        write(accepted, announced, true);
        return accepted.reported(announced);
    }

    /** Reports a decision to act, together with the outcome of its step. */
    EnsembleStatus report(Accepted accepted, Desired desired, Observed observed, Decision.Act act, Outcome outcome) {
        if (outcome instanceof Outcome.SanityTestFailed unproven && act.step() instanceof Step.RunSanityTest verify) {
            return report(accepted, desired, observed, verify, unproven);
        }
        if (outcome instanceof Outcome.Blocked refusal) {
            blocked.put(accepted.id(), act.step().describe());
            return report(
                    accepted, desired, observed, new Decision.Wait(refusal.gate(), refusal.reason(), Optional.empty()));
        }
        blocked.remove(accepted.id());
        EnsembleStatus status = status(accepted, lastReported(accepted), desired, observed, act);
        if (outcome instanceof Outcome.Applied) {
            status = afterStep(status, act.step(), observed);
            Events.ofStep(act.step()).forEach(event -> store.publish(accepted.id(), event));
        }
        write(accepted, status, false);
        return status;
    }

    /** Reports a failed sanity test as a closed gate, and remembers since when it has failed for these instances. */
    private EnsembleStatus report(
            Accepted accepted,
            Desired desired,
            Observed observed,
            Step.RunSanityTest verify,
            Outcome.SanityTestFailed unproven) {
        EnsembleStatus before = lastReported(accepted);
        int member = unproven.half() == Outcome.Half.WRITER ? verify.writer() : verify.reader();
        FailedSanityTest failed =
                FailingSanityTest.again(before, verify.fingerprint(), member, unproven.refused(), clock.instant());
        Decision decision = FailingSanityTest.decision(desired, observed, failed, unproven.reason(), clock.instant());
        EnsembleStatus status = status(accepted, before, desired, observed, decision);
        EnsembleStatus remembering = status.withMemory(status.memory().failing(failed));
        write(accepted, remembering, false);
        Events.ofDecision(before, decision).forEach(event -> store.publish(accepted.id(), event));
        return remembering;
    }

    private static EnsembleStatus afterStep(EnsembleStatus status, Step step, Observed observed) {
        if (step instanceof Step.RunSanityTest verify) {
            return FailingSanityTest.passed(status, verify.fingerprint(), observed);
        } else if (step instanceof Step.Bootstrap bootstrap) {
            return status.withMemory(status.memory().bootstrapping(bootstrap.voters(), bootstrap.observers()));
        } else if (step instanceof Step.Snapshot snapshot) {
            return status.withMemory(status.memory().snapshotTakenFor(snapshot.version()));
        } else if (step instanceof Step.Apply apply) {
            long repairs = apply.objects().stream()
                    .filter(object -> object.state() == State.DRIFTED)
                    .count();
            return repairs == 0 ? status : status.withMoreDriftRepairs(repairs);
        }
        return status;
    }

    private EnsembleStatus status(
            Accepted accepted, EnsembleStatus before, Desired desired, Observed observed, Decision decision) {
        return StatusReport.of(before, desired, observed, decision, accepted.source(), clock.instant());
    }

    private void write(Accepted accepted, EnsembleStatus status, boolean zxidsMatter) {
        EnsembleStatus last = written.getOrDefault(accepted.id(), accepted.status());
        boolean known = says(last, status, zxidsMatter) && says(accepted.status(), status, zxidsMatter);
        if (!known) {
            store.writeStatus(accepted.id(), status);
            written.put(accepted.id(), status);
        }
    }

    private static boolean says(EnsembleStatus last, EnsembleStatus status, boolean zxidsMatter) {
        return zxidsMatter ? last.equals(status) : StatusReport.sameButForZxids(last, status);
    }
}
