package dev.ensembled.progress;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The progress of one ensemble: what the next result is compared with. Used by one thread at a time. */
final class Progress {
    private final EnsembleId id;
    private final ProgressListener listener;
    private final Health health;
    private final Map<Integer, Restart> restarts = new TreeMap<>();
    private Optional<ClosedGate> closed = Optional.empty();
    private Optional<Rollout> rollout = Optional.empty();
    private Optional<Tried> lastTried = Optional.empty();
    private Long generation;
    private boolean removalWaits;

    Progress(EnsembleId id, ProgressListener listener, Duration degradedAfter) {
        this.id = id;
        this.listener = listener;
        this.health = new Health(listener, degradedAfter);
    }

    /** A step and how it ended, without words that differ from time to time. */
    private record Tried(String step, Class<?> outcome) {}

    void seen(ReconcileCycle.Result result, Instant now) {
        Subject subject =
                new Subject(id, Optional.ofNullable(result.status().source()).map(EnsembleStatus.SourceStatus::commit));
        beginOrRetarget(subject, result, now);
        rollout.ifPresent(running -> running.seen(subject, result.status(), listener));
        restarts(subject, result, now);
        gate(subject, ClosedGate.of(result, now), now);
        result.attempt().ifPresent(attempt -> tried(subject, attempt, result));
        if (result.decision().isDone()) {
            rollout.ifPresent(running -> listener.rolloutDone(subject, running.summary(now)));
            rollout = Optional.empty();
            restarts.clear();
        }
        health.seen(subject, result, closed, rollout.isPresent(), now);
        removal(subject, result.status());
    }

    private void beginOrRetarget(Subject subject, ReconcileCycle.Result result, Instant now) {
        Long latest = result.status().observedGeneration();
        boolean first = generation == null;
        boolean changed = !first && !Objects.equals(generation, latest);
        generation = latest == null ? 0L : latest;
        if (rollout.isPresent()) {
            if (changed) {
                rollout.get().retarget();
                listener.rolloutRetargeted(subject);
            }
        } else if (!result.decision().isDone() && (changed || changesSomething(result))) {
            rollout =
                    Optional.of(new Rollout(result.attempt().map(Attempt::began).orElse(now)));
            listener.rolloutBegan(subject, first && result.status().wasBootstrapped());
        }
    }

    private static boolean changesSomething(ReconcileCycle.Result result) {
        boolean acts = result.attempt()
                .filter(attempt -> attempt.step().sanityTest().isEmpty())
                .isPresent();
        return acts || result.status().outdated() > 0;
    }

    private void restarts(Subject subject, ReconcileCycle.Result result, Instant now) {
        for (Member member : result.observed().members()) {
            Restart restart = restarts.get(member.id());
            if (restart != null) {
                for (RestartPhase phase : restart.phases(member)) {
                    boolean isNew = reached(subject, member.id(), phase, now);
                    if (isNew && phase == RestartPhase.SERVING) {
                        listener.memberBack(
                                subject,
                                member.id(),
                                member.server().describe(),
                                Duration.between(restart.began(), now));
                    }
                }
            }
        }
    }

    private boolean reached(Subject subject, int member, RestartPhase phase, Instant now) {
        Restart restart = restarts.get(member);
        boolean isNew = restart.reach(phase);
        if (isNew) {
            listener.restartReached(subject, member, phase, Duration.between(restart.began(), now));
        }
        return isNew;
    }

    /** A sanity test passed: the restarts before it are over. */
    private void proven(Subject subject, Instant now) {
        List.copyOf(restarts.keySet()).stream()
                .filter(member -> restarts.get(member).has(RestartPhase.READY))
                .forEach(member -> {
                    reached(subject, member, RestartPhase.PROVEN, now);
                    restarts.remove(member);
                });
    }

    private void gate(Subject subject, Optional<ClosedGate> now, Instant at) {
        if (now.isPresent() && closed.filter(now.get()::isAs).isPresent()) {
            return;
        }
        Optional<ClosedGate> before = closed;
        closed = now;
        if (now.isPresent()) {
            listener.gateClosed(subject, now.get(), before);
        } else {
            before.ifPresent(opened -> listener.gateOpened(subject, opened, Duration.between(opened.since(), at)));
        }
    }

    private void tried(Subject subject, Attempt attempt, ReconcileCycle.Result result) {
        boolean applied = attempt.outcome().isApplied();
        Tried now = new Tried(attempt.step().describe(), attempt.outcome().getClass());
        if (applied || lastTried.filter(now::equals).isEmpty()) {
            Optional<Member> member = attempt.step()
                    .affectedMember()
                    .flatMap(affected -> result.observed().members().stream()
                            .filter(each -> each.id() == affected)
                            .findFirst());
            listener.stepTried(subject, attempt, member.filter(Member::serves).map(each -> each.server()
                    .describe()));
            if (applied && attempt.step().restartsMember()) {
                member.flatMap(Member::instance).ifPresent(ended -> {
                    int restarted = member.get().id();
                    restarts.put(restarted, new Restart(ended.uid(), attempt.began()));
                    reached(subject, restarted, RestartPhase.ASKED, attempt.ended());
                });
                rollout.ifPresent(Rollout::restarted);
            }
            if (applied && attempt.step().sanityTest().isPresent()) {
                proven(subject, attempt.ended());
            }
        }
        lastTried = Optional.of(now);
    }

    private void removal(Subject subject, EnsembleStatus status) {
        Optional<Condition> waits = status.conditions().stream()
                .filter(condition -> condition.type().equals("RemovalPending"))
                .findFirst();
        if (waits.isPresent() && !removalWaits) {
            listener.removalWaits(subject, waits.get().message());
        }
        removalWaits = waits.isPresent();
    }
}
