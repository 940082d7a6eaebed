package dev.ensembled.backoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExponentialBackoffTest {
    private final ExponentialBackoff backoff =
            new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofMinutes(1), new Random(7));

    @Test
    void waitDoublesWithEachFailureUpToTheLimit() {
        assertThat(backoff.after(1)).isBetween(Duration.ofMillis(1_600), Duration.ofMillis(2_400));
        assertThat(backoff.after(4)).isBetween(Duration.ofMillis(12_800), Duration.ofMillis(19_200));
        assertThat(backoff.after(100)).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
        assertThat(backoff.after(Integer.MAX_VALUE)).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
    }

    @Test
    void waitsOfClientsThatFailedTogetherDiffer() {
        Set<Duration> waits = new HashSet<>();
        for (int client = 0; client < 100; client++) {
            waits.add(backoff.after(3));
        }

        assertThat(waits).hasSizeGreaterThan(50);
    }
}
