package dev.ensembled.forge;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.CommitStatus.State;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of a commit, for its status on the forge: the rollouts of the ensembles whose spec it changed last. An ensemble
 * that needs a person makes it a failure; otherwise it is pending until all of them are ready. Pure.
 */
final class RolloutReport {
    private final String context;
    private final GitState git;
    private final Map<EnsembleId, ReconcileResult> results;

    RolloutReport(String context, GitState git, Map<EnsembleId, ReconcileResult> results) {
        this.context = context;
        this.git = git;
        this.results = results;
    }

    /** The state of one ensemble. */
    private record Progress(State state, String text) {}

    /** The commits with ensembles of which a server does not run the wanted revision yet. */
    Set<String> rollingOut() {
        return git.ensembles().stream()
                .filter(each -> each.source().commit() != null)
                .filter(each -> status(each.id(), each.source())
                        .filter(RolloutReport::isOutdated)
                        .isPresent())
                .map(each -> each.source().commit())
                .collect(Collectors.toSet());
    }

    /** The status of a commit, as it is now. */
    CommitStatus of(String commit) {
        boolean current =
                git.commit().filter(latest -> latest.id().equals(commit)).isPresent();
        boolean stored = git.storedCommit().filter(commit::equals).isPresent();
        List<Progress> ensembles = git.ensembles().stream()
                .filter(each -> commit.equals(each.source().commit()))
                .map(each -> progress(each.id(), each.source()))
                .toList();
        if (current && !git.violations().isEmpty()) {
            return status(State.FAILURE, "invalid: " + git.violations().get(0));
        }
        if (current && git.storeFailure().isPresent()) {
            return status(State.PENDING, git.storeFailure().get().what());
        }
        Optional<Progress> failed = first(ensembles, State.FAILURE);
        if (failed.isPresent()) {
            return status(State.FAILURE, failed.get().text());
        }
        if (current && !stored) {
            return status(State.PENDING, "comparing the commit with the ensembles");
        }
        Optional<Progress> pending = first(ensembles, State.PENDING);
        if (pending.isPresent()) {
            return status(State.PENDING, pending.get().text());
        }
        if (ensembles.isEmpty()) {
            return current
                    ? status(State.SUCCESS, "no ensemble changed")
                    : status(State.CANCELED, "a later commit changed its ensembles before they were ready");
        }
        return status(
                State.SUCCESS,
                ensembles.size() == 1 ? ensembles.get(0).text() : ensembles.size() + " ensembles: all members healthy");
    }

    private static Optional<Progress> first(List<Progress> ensembles, State state) {
        return ensembles.stream().filter(each -> each.state() == state).findFirst();
    }

    private CommitStatus status(State state, String text) {
        return new CommitStatus(context, state, text);
    }

    private Progress progress(EnsembleId id, SourceStatus source) {
        if (SourceState.Held.name().equals(source.state())) {
            return new Progress(State.FAILURE, id + ": " + source.message());
        }
        Optional<EnsembleStatus> status = status(id, source);
        if (status.isEmpty()) {
            String failure = Optional.ofNullable(results.get(id))
                    .flatMap(ReconcileResult::failure)
                    .map(why -> ": " + why)
                    .orElse("");
            return new Progress(State.PENDING, id + ": not reconciled yet" + failure);
        }
        return progress(id, status.get());
    }

    /** What was reported of an ensemble; empty if nothing is known of the spec of this source yet. */
    private Optional<EnsembleStatus> status(EnsembleId id, SourceStatus source) {
        return Optional.ofNullable(results.get(id))
                .flatMap(ReconcileResult::result)
                .map(result -> result.status())
                .filter(reported -> isOf(source, reported));
    }

    /** A result from before the commit is about another spec. */
    private static boolean isOf(SourceStatus source, EnsembleStatus reported) {
        return reported.source() != null
                && Objects.equals(source.commit(), reported.source().commit());
    }

    private static Progress progress(EnsembleId id, EnsembleStatus status) {
        if (status.isTrue("Stalled")) {
            return new Progress(State.FAILURE, id + ": " + held(status, "Stalled"));
        }
        if (status.isTrue("Ready")) {
            return new Progress(State.SUCCESS, id + ": all members healthy");
        }
        return new Progress(State.PENDING, id + ": " + updated(status) + held(status, "Ready"));
    }

    /** How many servers run the wanted revision, while some do not. */
    private static String updated(EnsembleStatus status) {
        int members = status.members().size();
        return isOutdated(status) ? members - status.rollout().outdated() + " of " + members + ", " : "";
    }

    private static boolean isOutdated(EnsembleStatus status) {
        RolloutStatus rollout = status.rollout();
        return rollout != null && rollout.outdated() != null && rollout.outdated() > 0;
    }

    /** The closed gate or the step, and why. */
    private static String held(EnsembleStatus status, String condition) {
        RolloutStatus rollout = status.rollout();
        if (rollout == null) {
            return condition(status, condition).map(Condition::message).orElse("");
        }
        String reason = rollout.reason() == null ? "" : ": " + rollout.reason();
        return rollout.gate() == null ? rollout.step() + reason : "waits at the gate " + rollout.gate() + reason;
    }

    private static Optional<Condition> condition(EnsembleStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
