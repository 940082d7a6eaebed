package dev.ensembled.reconciler.spec.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a change is rolled out to the servers.
 *
 * @param settle the settle period: how long all members must have been healthy before the next member is restarted
 * @param soak the soak period: how long the first member of another ZooKeeper version must have served before the next
 *     one follows
 * @param progressDeadline the time after which a member that has not come back stalls the ensemble
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "duration(self.progressDeadline) > duration(self.settle)",
        fieldPath = ".progressDeadline",
        message = "progressDeadline must be longer than settle")
public record RolloutSpec(
        @JsonPropertyDescription("Whether the rollout is paused. While it is paused, no server is restarted.")
                @Default("false")
                Boolean paused,
        @JsonPropertyDescription("Settle period: time for which all members must have been healthy before the next"
                        + " member is restarted, such as 5s.")
                @SchemaFrom(type = String.class)
                @JsonSerialize(using = DurationText.Writer.class)
                @JsonDeserialize(using = DurationText.Reader.class)
                Duration settle,
        @JsonPropertyDescription("Time after which a member that has not come back stalls the rollout, such as 5m.")
                @SchemaFrom(type = String.class)
                @JsonSerialize(using = DurationText.Writer.class)
                @JsonDeserialize(using = DurationText.Reader.class)
                Duration progressDeadline,
        @JsonPropertyDescription("Soak period: time for which the first member of another ZooKeeper version must"
                        + " have served before the second one follows, such as 1m.")
                @SchemaFrom(type = String.class)
                @JsonSerialize(using = DurationText.Writer.class)
                @JsonDeserialize(using = DurationText.Reader.class)
                Duration soak,
        @JsonPropertyDescription("Maintenance windows in which healthy members may be restarted and the membership may"
                        + " change. Without windows, this is allowed at any time.")
                @Size(max = 32)
                List<Window> windows,
        @JsonPropertyDescription(
                        "Restarts that require the approval of a person: None, Leader (restarts of the leader) or"
                                + " Always.")
                @Default("\"None\"")
                Approval approval,
        @JsonPropertyDescription("Whether another server is made the leader before the leader is restarted.")
                @Default("false")
                Boolean handOffLeader) {
    public static final RolloutSpec DEFAULT = new RolloutSpec(null, null, null, null, null, null, null);

    public RolloutSpec {
        paused = Objects.requireNonNullElse(paused, false);
        settle = Objects.requireNonNullElse(settle, Duration.ofSeconds(5));
        soak = Objects.requireNonNullElse(soak, Duration.ofMinutes(1));
        progressDeadline = Objects.requireNonNullElse(progressDeadline, Duration.ofMinutes(5));
        windows = windows == null ? List.of() : List.copyOf(windows);
        approval = Objects.requireNonNullElse(approval, Approval.None);
        handOffLeader = Objects.requireNonNullElse(handOffLeader, false);
    }

    /** Returns these rules for a rollout that is not paused. */
    public RolloutSpec resumed() {
        return new RolloutSpec(false, settle, progressDeadline, soak, windows, approval, handOffLeader);
    }

    /** Which restarts wait for the approval of a person. */
    public enum Approval {
        None,
        Leader,
        Always
    }

    /**
     * A maintenance window.
     *
     * @param cron when the window opens, in the five fields of a crontab
     * @param duration how long the window stays open
     * @param timeZone the time zone of the cron expression, by its IANA name
     * @see MaintenanceWindows
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @ValidationRule(
            value = "self.cron.matches('^\\\\s*\\\\S+(\\\\s+\\\\S+){4}\\\\s*$')",
            fieldPath = ".cron",
            message = "cron must have five fields: minute, hour, day of the month, month and day of the week")
    @ValidationRule(
            value = "duration(self.duration) > duration('0s') && duration(self.duration) <= duration('168h')",
            fieldPath = ".duration",
            message = "duration must be longer than 0 and at most 168h (7 days)")
    public record Window(
            @JsonPropertyDescription(
                            "Schedule on which the window opens, in cron format with five fields, such as 0 2 * * 1-5.")
                    @Required
                    @Size(max = 128)
                    String cron,
            @JsonPropertyDescription("Time for which the window stays open, such as 2h. At most 168h (7 days).")
                    @Required
                    @SchemaFrom(type = String.class)
                    @JsonSerialize(using = DurationText.Writer.class)
                    @JsonDeserialize(using = DurationText.Reader.class)
                    Duration duration,
            @JsonPropertyDescription("IANA time zone of the schedule, such as Europe/Berlin. Defaults to UTC.")
                    @Size(max = 64)
                    @Default("\"UTC\"")
                    String timeZone) {
        public Window {
            timeZone = Objects.requireNonNullElse(timeZone, "UTC");
        }
    }
}
