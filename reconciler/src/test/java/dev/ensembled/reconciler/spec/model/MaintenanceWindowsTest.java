package dev.ensembled.reconciler.spec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceWindowsTest {

    private static Window window(String cron, String duration, String timeZone) {
        return new Window(cron, DurationText.parse(duration).orElseThrow(), timeZone);
    }

    private static String closedUntil(Instant now, Window... windows) {
        return MaintenanceWindows.closedUntil(List.of(windows), now)
                .map(Instant::toString)
                .orElse("open");
    }

    @Test
    void specWithoutWindowsIsAlwaysOpen() {
        assertThat(closedUntil(Instant.EPOCH)).isEqualTo("open");
    }

    @ParameterizedTest
    @CsvSource({
        // 2026-01-05 is a Monday.
        "0 2 * * 1-5, 2h, UTC, 2026-01-05T01:59:59.999Z, 2026-01-05T02:00:00Z",
        "0 2 * * 1-5, 2h, UTC, 2026-01-05T02:00:00Z, open",
        "0 2 * * 1-5, 2h, UTC, 2026-01-05T03:59:59.999Z, open",
        "0 2 * * 1-5, 2h, UTC, 2026-01-05T04:00:00Z, 2026-01-06T02:00:00Z",
        "0 2 * * 1-5, 2h, UTC, 2026-01-09T04:00:00Z, 2026-01-12T02:00:00Z",
        "0 2 * * MON, 2h, UTC, 2026-01-05T04:00:00Z, 2026-01-12T02:00:00Z",
        "0 2 * * 7, 2h, UTC, 2026-01-05T04:00:00Z, 2026-01-11T02:00:00Z",
        "0 2 * * 0, 2h, UTC, 2026-01-05T04:00:00Z, 2026-01-11T02:00:00Z",
        // A day of the month or of the week, as in a crontab in which both are given.
        "0 2 13 * 1, 2h, UTC, 2026-01-12T04:00:00Z, 2026-01-13T02:00:00Z",
        "0 2 13 * 1, 2h, UTC, 2026-01-13T04:00:00Z, 2026-01-19T02:00:00Z",
        "*/15 * * * *, 5m, UTC, 2026-01-05T02:07:00Z, 2026-01-05T02:15:00Z",
        // Openings overlap: the window stays open.
        "*/15 * * * *, 15m, UTC, 2026-01-05T02:15:00Z, open",
        "0 0 * * 1, 168h, UTC, 2026-01-05T00:00:00Z, open",
        "0 0 * * 1, 168h, UTC, 2026-01-04T23:59:59Z, open",
        "0 0 * * 1, 167h, UTC, 2026-01-04T23:30:00Z, 2026-01-05T00:00:00Z",
        // Over midnight, month and year.
        "0 22 31 12 *, 4h, UTC, 2026-01-01T01:59:00Z, open",
        "0 22 31 12 *, 4h, UTC, 2026-01-01T02:00:00Z, 2026-12-31T22:00:00Z",
        "0 2 29 2 *, 1h, UTC, 2026-01-01T00:00:00Z, 2028-02-29T02:00:00Z",
        "0 2 31 * *, 1h, UTC, 2026-02-01T00:00:00Z, 2026-03-31T02:00:00Z",
        // In the time zone of the window: 02:00 in Berlin is 01:00 UTC in winter, 00:00 in summer.
        "0 2 * * *, 2h, Europe/Berlin, 2026-01-05T00:30:00Z, 2026-01-05T01:00:00Z",
        "0 2 * * *, 2h, Europe/Berlin, 2026-07-05T00:30:00Z, open",
        "0 2 * * *, 2h, Asia/Kolkata, 2026-07-05T00:00:00Z, 2026-07-05T20:30:00Z",
        // The day of the week is the day in that time zone.
        "0 8 * * 1, 2h, Asia/Tokyo, 2026-01-04T22:00:00Z, 2026-01-04T23:00:00Z",
    })
    void aWindowOpensAtItsTimesAndClosesAfterItsDuration(
            String cron, String duration, String timeZone, Instant now, String expected) {
        assertThat(closedUntil(now, window(cron, duration, timeZone))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Berlin, 2026-03-29: 01:59:59 is followed by 03:00:00, at 01:00 UTC.
        "0 2 * * *, 1h, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z",
        "0 2 * * *, 1h, 2026-03-29T01:00:00Z, open",
        "0 2 * * *, 1h, 2026-03-29T01:59:59Z, open",
        "0 2 * * *, 1h, 2026-03-29T02:00:00Z, 2026-03-30T00:00:00Z",
        "30 2 * * *, 1h, 2026-03-29T00:45:00Z, 2026-03-29T01:00:00Z",
        "30 2 * * *, 1h, 2026-03-29T01:59:00Z, open",
        "0 1 * * *, 2h, 2026-03-29T00:30:00Z, open",
        "0 1 * * *, 2h, 2026-03-29T01:59:59Z, open",
        "0 1 * * *, 2h, 2026-03-29T02:00:00Z, 2026-03-29T23:00:00Z",
        "0 3 * * *, 1h, 2026-03-29T00:30:00Z, 2026-03-29T01:00:00Z",
        "0 4 * * *, 1h, 2026-03-29T01:30:00Z, 2026-03-29T02:00:00Z",
        "0 2 29 3 *, 1h, 2026-03-29T02:30:00Z, 2027-03-29T00:00:00Z",
    })
    void anOpeningThatTheClockSkipsHappensAtTheChange(String cron, String duration, Instant now, String expected) {
        assertThat(closedUntil(now, window(cron, duration, "Europe/Berlin"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Berlin, 2026-10-25: 02:59:59 is followed by 02:00:00, at 01:00 UTC.
        "0 2 * * *, 1h, 2026-10-24T23:59:59Z, 2026-10-25T00:00:00Z",
        "0 2 * * *, 1h, 2026-10-25T00:00:00Z, open",
        "0 2 * * *, 1h, 2026-10-25T00:59:59Z, open",
        "0 2 * * *, 1h, 2026-10-25T01:00:00Z, 2026-10-26T01:00:00Z",
        "30 2 * * *, 10m, 2026-10-25T00:29:00Z, 2026-10-25T00:30:00Z",
        "30 2 * * *, 10m, 2026-10-25T01:15:00Z, 2026-10-26T01:30:00Z",
        "30 2 * * *, 10m, 2026-10-25T01:30:00Z, 2026-10-26T01:30:00Z",
        "0 3 * * *, 1h, 2026-10-25T00:30:00Z, 2026-10-25T02:00:00Z",
        "0 3 * * *, 1h, 2026-10-25T01:30:00Z, 2026-10-25T02:00:00Z",
        "0 1 * * *, 3h, 2026-10-25T01:59:59Z, open",
        "0 1 * * *, 3h, 2026-10-25T02:00:00Z, 2026-10-26T00:00:00Z",
    })
    void anOpeningThatTheClockShowsTwiceHappensOnce(String cron, String duration, Instant now, String expected) {
        assertThat(closedUntil(now, window(cron, duration, "Europe/Berlin"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-05T00:00:00Z", "2026-10-29T00:00:00Z"})
    void instantIsInAWindowIfItsOpeningIsWithinTheDuration(Instant start) {
        // Given the days around a clock change, and openings that it does not affect
        Window window = window("10 5,13 * * 1-6", "5h", "America/New_York");
        Instant lastOpening = start.minus(Duration.ofDays(1));

        for (int tick = 0; tick < 7 * 24 * 6; tick++) {
            // When
            Instant now = start.plus(Duration.ofMinutes(10L * tick));
            ZonedDateTime clock = now.atZone(ZoneId.of("America/New_York"));
            boolean sunday = clock.getDayOfWeek() == DayOfWeek.SUNDAY;
            if (clock.getMinute() == 10 && (clock.getHour() == 5 || clock.getHour() == 13) && !sunday) {
                lastOpening = now;
            }

            // Then
            if (tick > 24 * 6) {
                assertThat(MaintenanceWindows.closedUntil(List.of(window), now).isEmpty())
                        .as("open at %s", clock)
                        .isEqualTo(now.isBefore(lastOpening.plus(window.duration())));
            }
        }
    }

    @Test
    void anyOpenWindowIsEnoughAndTheNextOpeningCounts() {
        Window night = window("0 2 * * *", "2h", "UTC");
        Window noon = window("0 12 * * *", "1h", "UTC");

        assertThat(closedUntil(Instant.parse("2026-01-05T12:30:00Z"), night, noon))
                .isEqualTo("open");
        assertThat(closedUntil(Instant.parse("2026-01-05T06:00:00Z"), night, noon))
                .isEqualTo("2026-01-05T12:00:00Z");
        assertThat(closedUntil(Instant.parse("2026-01-05T13:00:00Z"), night, noon))
                .isEqualTo("2026-01-06T02:00:00Z");
    }

    @Test
    void refusedWindowIsNotOpen() {
        assertThatThrownBy(() -> closedUntil(Instant.EPOCH, window("0 0 30 2 *", "1h", "UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the date does not exist");
        assertThatThrownBy(() -> closedUntil(Instant.EPOCH, window("* * * * *", "1h", "Mars/Base")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Mars/Base");
    }
}
