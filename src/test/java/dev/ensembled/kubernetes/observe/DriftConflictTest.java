package dev.ensembled.kubernetes.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.HandClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DriftConflictTest {
    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final DriftConflict conflict = new DriftConflict(clock);

    @Test
    void threeRepairsWithinTenMinutesAreAConflict() {
        repair(3, Duration.ofMinutes(4));

        assertThat(conflict.isInConflict("Service/kafka")).isTrue();
        assertThat(conflict.isInConflict("Service/other")).isFalse();
    }

    @Test
    void repairsThatAreFarApartAreNoConflict() {
        repair(10, Duration.ofMinutes(6));

        assertThat(conflict.isInConflict("Service/kafka")).isFalse();
    }

    @Test
    void repairIsRetriedWithADoubledPause() {
        repair(3, Duration.ZERO);
        clock.advance(Duration.ofMinutes(10));
        assertThat(conflict.isInConflict("Service/kafka")).isFalse();

        repair(2, Duration.ofSeconds(1));

        clock.advance(Duration.ofMinutes(19));
        assertThat(conflict.isInConflict("Service/kafka")).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(conflict.isInConflict("Service/kafka")).isFalse();
    }

    @Test
    void endedConflictIsForgotten() {
        repair(3, Duration.ZERO);
        clock.advance(Duration.ofMinutes(21));

        repair(2, Duration.ZERO);

        assertThat(conflict.isInConflict("Service/kafka")).isFalse();
    }

    @Test
    void pauseBetweenRepairsIsAtMostFourHours() {
        repair(3, Duration.ZERO);
        for (int i = 0; i < 20; i++) {
            while (conflict.isInConflict("Service/kafka")) {
                clock.advance(Duration.ofMinutes(1));
            }
            repair(2, Duration.ZERO);
        }

        assertThat(conflict.isInConflict("Service/kafka")).isTrue();
        clock.advance(Duration.ofHours(4));
        assertThat(conflict.isInConflict("Service/kafka")).isFalse();
    }

    private void repair(int times, Duration apart) {
        for (int i = 0; i < times; i++) {
            conflict.repaired("Service/kafka");
            clock.advance(apart);
        }
    }
}
