package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One step of a plan.
 *
 * @param number from 1
 * @param kind of the step, in CamelCase, as the reasons of conditions have it
 * @param step what is done, for people
 * @param member that the step is about; null if it is about several members, or none
 * @param role of the member before the step; null if it does not serve
 * @param restart whether the step ends the member's server, which comes back afterwards
 * @param reasons of a restart
 * @param because why the step is taken, for people
 * @param votersThatMayFail how many more voters may fail while the step is taken, whichever they are, without losing the
 *     quorum; negative if there is no quorum, null before the ensemble is bootstrapped
 * @param waits the gates that have to open first, and open by time
 * @param expectedSeconds how long a restart took before; null if it is unknown, or no restart
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlannedStep(
        int number,
        String kind,
        String step,
        Integer member,
        String role,
        boolean restart,
        List<RestartReason> reasons,
        String because,
        Integer votersThatMayFail,
        List<TimedGate> waits,
        Long expectedSeconds) {

    /**
     * A gate that opens by time.
     *
     * @param until when it would open if the steps before took no time, in ISO 8601
     * @param seconds how long this gate alone is waited for
     * @param docs where the gate is described
     */
    public record TimedGate(String gate, String until, long seconds, String docs) {}

    /** The kind of a sanity test, which is between all other steps. */
    private static final String SANITY_TEST = "RunningSanityTest";

    public PlannedStep {
        reasons = reasons == null ? List.of() : List.copyOf(reasons);
        waits = waits == null ? List.of() : List.copyOf(waits);
    }

    /** Whether people want to see the step in a table. */
    @JsonIgnore
    public boolean isOfInterest() {
        return !SANITY_TEST.equals(kind);
    }

    static PlannedStep of(int number, ForecastStep forecast, Function<Role, Optional<Duration>> restartDuration) {
        boolean restart = forecast.step().restartsMember();
        return new PlannedStep(
                number,
                forecast.step().reason(),
                forecast.step().describe(),
                forecast.step().affectedMember().orElse(null),
                forecast.role()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .orElse(null),
                restart,
                forecast.step().reasons(),
                forecast.reason(),
                forecast.margin().isPresent() ? forecast.margin().getAsInt() : null,
                forecast.waits().stream()
                        .map(wait -> new TimedGate(
                                wait.gate().toString(),
                                wait.until().truncatedTo(ChronoUnit.SECONDS).toString(),
                                wait.duration().toSeconds(),
                                wait.gate().docs()))
                        .toList(),
                restart
                        ? forecast.role()
                                .flatMap(restartDuration)
                                .map(Duration::toSeconds)
                                .orElse(null)
                        : null);
    }
}
