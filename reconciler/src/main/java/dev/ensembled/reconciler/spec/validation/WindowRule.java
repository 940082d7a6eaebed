package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.CronSchedule;
import dev.ensembled.reconciler.spec.model.DurationText;
import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Each maintenance window opens, and closes again. */
public final class WindowRule implements SpecRule {
    static final Duration MAX_DURATION = Duration.ofDays(7);

    /** The schema refuses longer expressions. */
    private static final int MAX_CRON_LENGTH = 128;

    private static final int MAX_WINDOWS = 32;

    @Override
    public void check(Mapping spec, Findings findings) {
        List<YamlNode> windows = spec.items("rollout", "windows");
        for (int index = 0; index < Math.min(windows.size(), MAX_WINDOWS); index++) {
            if (windows.get(index) instanceof Mapping window) {
                String path = "spec.rollout.windows[" + index + "].";
                window.string("cron").ifPresent(cron -> cron(cron, path + "cron", findings));
                window.string("duration").ifPresent(duration -> duration(duration, path + "duration", findings));
                window.string("timeZone").ifPresent(zone -> timeZone(zone, path + "timeZone", findings));
            }
        }
    }

    private static void cron(Scalar cron, String path, Findings findings) {
        if (cron.text().length() > MAX_CRON_LENGTH) {
            return;
        }
        try {
            CronSchedule.of(cron.text());
        } catch (IllegalArgumentException e) {
            findings.violation(
                    cron.location(),
                    path,
                    "is not a valid schedule: " + e.getMessage()
                            + ". The fields are minute, hour, day of the month, month"
                            + " and day of the week, such as 0 2 * * 1-5 for 02:00 from Monday to Friday");
        }
    }

    private static void duration(Scalar written, String path, Findings findings) {
        Optional<Duration> duration = DurationText.parse(written.text());
        if (duration.isEmpty()) {
            return;
        }
        if (duration.get().isZero()) {
            findings.violation(
                    written.location(),
                    path,
                    "must be longer than 0: a window that never opens holds every rollout. To hold rollouts, set paused");
        } else if (duration.get().compareTo(MAX_DURATION) > 0) {
            findings.violation(
                    written.location(),
                    path,
                    "must be at most %s (7 days). To allow restarts at any time, remove all windows"
                            .formatted(DurationText.format(MAX_DURATION)));
        }
    }

    private static void timeZone(Scalar zone, String path, Findings findings) {
        Set<String> known = ZoneId.getAvailableZoneIds();
        if (!known.contains(zone.text())) {
            findings.violation(
                    zone.location(),
                    path,
                    "must be an IANA time zone, such as Europe/Berlin or UTC"
                            + Suggestion.didYouMean(zone.text(), known));
        }
    }
}
