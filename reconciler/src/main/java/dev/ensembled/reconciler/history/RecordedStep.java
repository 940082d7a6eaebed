package dev.ensembled.reconciler.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A step that was taken. Fields without a known value are null.
 *
 * @param kind the kind of the step in one word, for machines, such as RestartingMember
 * @param step what was done, for people, such as "restart member 2"
 * @param member the id of the affected member; null if the step is about several members or none
 * @param role of that member before the step, as in {@code status.members[].role}: leader, follower or observer; null if it
 *     did not serve
 * @param instance the UID of the instance that the step ended; null if it ended none
 * @param reasons why the member had to be restarted; empty for other steps
 * @param reason why the step was decided, for people
 * @param startedAt when the step was begun
 * @param endedAt when it ended, by the rules of {@link History#after}; null while it runs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordedStep(
        String kind,
        String step,
        Integer member,
        String role,
        String instance,
        @JsonSetter(nulls = Nulls.AS_EMPTY, contentNulls = Nulls.SKIP) List<RestartReason> reasons,
        String reason,
        Instant startedAt,
        Instant endedAt,
        State state) {

    /** How far a step is. */
    public enum State {
        /** The member is not back yet. */
        Running,
        /** The step has ended; the member that it restarted, if any, serves in another instance. */
        Completed,
        /** The member was restarted again or removed before it was back. */
        Superseded
    }

    private static final int MAX_TEXT = 300;

    public RecordedStep {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(state, "state");
        reasons = List.copyOf(reasons);
    }

    static RecordedStep of(RecordedCycle.Taken taken, Observed observed) {
        Step step = taken.step();
        Optional<Member> member =
                step.affectedMember().flatMap(id -> member(observed, id).findFirst());
        boolean restarts = step.restartsMember();
        return new RecordedStep(
                step.reason(),
                text(step.describe()),
                step.affectedMember().orElse(null),
                member.filter(Member::serves)
                        .map(serving -> serving.server().describe())
                        .orElse(null),
                member.filter(there -> restarts)
                        .flatMap(Member::instance)
                        .map(Instance::uid)
                        .orElse(null),
                step.reasons(),
                text(taken.reason()),
                taken.began(),
                restarts ? null : taken.ended(),
                restarts ? State.Running : State.Completed);
    }

    /** How long the step took; empty while it runs. */
    public Optional<Duration> took() {
        return Optional.ofNullable(endedAt).map(end -> Duration.between(startedAt, end));
    }

    /** Returns this step as it is after an observation. */
    RecordedStep observed(Observed observed, Instant now) {
        if (state != State.Running) {
            return this;
        }
        if (member(observed, member).findAny().isEmpty()) {
            return ended(State.Superseded, now);
        }
        boolean isBack = member(observed, member)
                .anyMatch(there -> there.serves()
                        && there.instance()
                                .filter(running -> !running.uid().equals(instance))
                                .isPresent());
        return isBack ? ended(State.Completed, now) : this;
    }

    /** Returns this step as it is after another step has restarted this member. */
    RecordedStep supersededBy(RecordedStep later) {
        return state == State.Running && Objects.equals(member, later.member)
                ? ended(State.Superseded, later.startedAt)
                : this;
    }

    /** Returns this step as it is after a rollout that does not wait for this member any more. */
    RecordedStep superseded(Instant now) {
        return state == State.Running ? ended(State.Superseded, now) : this;
    }

    private RecordedStep ended(State how, Instant now) {
        return new RecordedStep(kind, step, member, role, instance, reasons, reason, startedAt, now, how);
    }

    private static Stream<Member> member(Observed observed, Integer id) {
        return observed.members().stream().filter(there -> Objects.equals(there.id(), id));
    }

    /** The text on one line, cut off where it would be too long for a list. */
    static String text(String text) {
        return SafeText.of(text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 3) + "...");
    }
}
