package dev.ensembled.reconciler.spec.model;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * Times in the five fields of a crontab, in the local time of a time zone. Immutable.
 *
 * <p>When the clock is put forward, a time that it skips occurs at the moment of the change. When it is put back, a
 * time that it shows twice occurs once, the first time.
 */
public final class CronSchedule {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final String PARSER_PREFIX = "Failed to parse cron expression. ";
    /** An arbitrary start: whether an expression has times at all does not depend on it. */
    private static final LocalDateTime EARLY = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final ExecutionTime times;

    private CronSchedule(ExecutionTime times) {
        this.times = times;
    }

    /**
     * The times of an expression.
     *
     * @throws IllegalArgumentException if the text is not an expression or has no times; the message gives the reason,
     *     for people
     */
    public static CronSchedule of(String expression) {
        CronSchedule crontab;
        try {
            crontab = new CronSchedule(ExecutionTime.forCron(PARSER.parse(expression)));
        } catch (IndexOutOfBoundsException e) {
            // The parser counts the fields before it checks that there are any.
            throw new IllegalArgumentException("none of the five fields is set", e);
        } catch (IllegalArgumentException e) {
            String message =
                    String.valueOf(e.getMessage()).replace(PARSER_PREFIX, "").replaceFirst("!$", "");
            throw new IllegalArgumentException(message, e);
        }
        if (crontab.nextOnClock(EARLY).isEmpty()) {
            throw new IllegalArgumentException("the date does not exist in any year");
        }
        return crontab;
    }

    /** The first of these times after the given one. */
    Instant next(ZoneId zone, Instant after) {
        LocalDateTime clock = LocalDateTime.ofInstant(after, zone);
        ZoneOffsetTransition change = zone.getRules().previousTransition(after.plusNanos(1));
        boolean shownAgain = change != null && change.isOverlap() && clock.isBefore(change.getDateTimeBefore());
        LocalDateTime next = nextOnClock(shownAgain ? change.getDateTimeBefore().minusSeconds(1) : clock)
                .orElseThrow(() -> new IllegalStateException("no later time than " + clock));
        ZoneOffsetTransition skip = zone.getRules().getTransition(next);
        return skip != null && skip.isGap()
                ? skip.getInstant()
                : next.atZone(zone).toInstant();
    }

    /** The next local time. The library does not handle clock changes, so it is asked in UTC. */
    private Optional<LocalDateTime> nextOnClock(LocalDateTime clock) {
        return times.nextExecution(clock.atZone(ZoneOffset.UTC)).map(time -> time.toLocalDateTime());
    }
}
