package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.HandClock;
import dev.ensembled.git.FetchScheduler.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FetchSchedulerTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final FetchScheduler agenda = new FetchScheduler(clock, INTERVAL, new Random(7));

    @Test
    void fetchRunsAtOnceAndThenOncePerIntervalWithJitter() {
        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
        fetch(true);

        clock.advance(Duration.ofSeconds(47));
        assertThat(agenda.due(clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(26));
        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
    }

    @Test
    void aHintFetchesAfterASecondAtTheSoonestAndManyHintsFetchOnce() {
        fetch(true);
        agenda.hintFetch();
        agenda.hintFetch();

        assertThat(agenda.due(clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
        fetch(true);
        clock.advance(Duration.ofSeconds(2));
        assertThat(agenda.due(clock.instant())).isEmpty();
    }

    @Test
    void aHintDuringAFetchLeadsToAnother() {
        agenda.fetchStarted();
        agenda.hintFetch();
        clock.advance(Duration.ofSeconds(3));
        agenda.fetchEnded(true);

        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
    }

    @Test
    void hintDoesNotWaitForTheBackoff() {
        for (int failure = 0; failure < 10; failure++) {
            fetch(false);
        }
        agenda.hintFetch();
        clock.advance(Duration.ofSeconds(1));

        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
    }

    @Test
    void backoffRestartsAfterASuccess() {
        fetch(false);
        fetch(false);
        fetch(true);
        fetch(false);

        clock.advance(Duration.ofMillis(2_500));
        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
    }

    @Test
    void aRepairGoesBeforeAFetchAndIsTriedAgainWhenItFails() {
        agenda.hintAccept();
        assertThat(agenda.due(clock.instant())).contains(Task.ACCEPT);
        agenda.acceptStarted();
        agenda.acceptEnded(false);
        fetch(true);

        assertThat(agenda.due(clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        assertThat(agenda.due(clock.instant())).contains(Task.ACCEPT);
        agenda.acceptStarted();
        agenda.acceptEnded(true);
        clock.advance(Duration.ofSeconds(30));
        assertThat(agenda.due(clock.instant())).isEmpty();
    }

    @Test
    void aClockThatIsSetBackStopsNothing() {
        fetch(true);

        clock.advance(Duration.ofDays(-1));

        assertThat(agenda.due(clock.instant())).contains(Task.FETCH);
    }

    @Test
    void stopPrecedesEverythingElse() {
        agenda.hintAccept();
        agenda.end();

        assertThat(agenda.due(clock.instant())).contains(Task.END);
    }

    private void fetch(boolean successful) {
        agenda.fetchStarted();
        agenda.fetchEnded(successful);
    }
}
