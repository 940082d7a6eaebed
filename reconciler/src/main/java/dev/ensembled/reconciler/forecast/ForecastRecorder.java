package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.forecast.ForecastStep.TimedWait;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Quorum;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Records the decisions of a forecast, and lets time pass for the gates that open by it. */
final class ForecastRecorder implements Decision.Visitor<Optional<Ending>> {
    /** Other gates have a time too, at which they stall: a forecast does not wait for that. */
    private static final Set<Gate> OPENED_BY_TIME = EnumSet.of(Gate.SETTLE, Gate.SOAK, Gate.WINDOW);

    private final ForecastClock clock;
    private final List<ForecastStep> steps = new ArrayList<>();
    private final List<TimedWait> waits = new ArrayList<>();
    private Observed before;

    ForecastRecorder(ForecastClock clock) {
        this.clock = clock;
    }

    /** Returns this recorder for a decision that was made with this observation. */
    ForecastRecorder at(Observed observed) {
        before = observed;
        return this;
    }

    List<ForecastStep> steps() {
        return steps;
    }

    @Override
    public Optional<Ending> visit(Decision.Act act) {
        Optional<Role> role = act.step().affectedMember().flatMap(this::role);
        steps.add(new ForecastStep(act.step(), act.reason(), waits, role, margin(act.step())));
        waits.clear();
        return Optional.empty();
    }

    @Override
    public Optional<Ending> visit(Decision.Wait wait) {
        if (!OPENED_BY_TIME.contains(wait.gate())
                || wait.until().filter(clock.instant()::isBefore).isEmpty()) {
            return Optional.of(new Ending.Held(wait.gate(), wait.reason(), false));
        }
        Instant until = wait.until().get();
        waits.add(new TimedWait(wait.gate(), until, Duration.between(clock.instant(), until)));
        clock.advanceTo(until);
        return Optional.empty();
    }

    @Override
    public Optional<Ending> visit(Decision.Stalled stalled) {
        return Optional.of(new Ending.Held(stalled.gate(), stalled.reason(), true));
    }

    @Override
    public Optional<Ending> visit(Decision.Done done) {
        return Optional.of(new Ending.Done());
    }

    @Override
    public Optional<Ending> visit(Decision.Refused refused) {
        return Optional.of(new Ending.Refused(refused.reason()));
    }

    private Optional<Role> role(int id) {
        return before.members().stream()
                .filter(member -> member.id() == id)
                .flatMap(member -> member.server().serving().stream())
                .map(Server.Serving::role)
                .findFirst();
    }

    private OptionalInt margin(Step step) {
        Optional<Integer> away = step.affectedMember().filter(id -> step.restartsMember());
        return Membership.newest(before.members().stream().map(Member::server))
                .map(committed -> OptionalInt.of(Quorum.of(committed)
                        .margin(before.members().stream()
                                .filter(Member::serves)
                                .map(Member::id)
                                .filter(id -> away.filter(id::equals).isEmpty())
                                .collect(Collectors.toUnmodifiableSet()))))
                .orElse(OptionalInt.empty());
    }
}
