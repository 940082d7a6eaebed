package dev.ensembled.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private long now = Long.MAX_VALUE - 5;
    private final RateLimiter limiter = new RateLimiter(new Limits.Rate(3, SECOND), () -> now);

    @Test
    void servesTheBurstAndThenOnePerInterval() {
        assertThat(served("a", 5)).isEqualTo(3);
        assertThat(limiter.take("a")).isEqualTo(SECOND);

        now += Duration.ofMillis(400).toNanos();
        assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(600));
        now += Duration.ofMillis(600).toNanos();
        assertThat(served("a", 5)).isEqualTo(1);
        now += Duration.ofHours(1).toNanos();
        assertThat(served("a", 5)).isEqualTo(3);
    }

    @Test
    void keysDoNotAffectEachOther() {
        assertThat(served("a", 5)).isEqualTo(3);
        assertThat(served("b", 5)).isEqualTo(3);
    }

    /** The keys that were used last keep their limit. */
    @Test
    void memoryIsBounded() {
        served("a", 5);
        for (int i = 0; i < 1_000; i++) {
            limiter.take("other " + i);
        }
        assertThat(served("a", 5)).isZero();
        for (int i = 0; i < 2_000; i++) {
            limiter.take("another " + i);
        }
        assertThat(served("a", 5)).isEqualTo(3);
    }

    private int served(String key, int requests) {
        int served = 0;
        for (int i = 0; i < requests; i++) {
            served += limiter.take(key).isZero() ? 1 : 0;
        }
        return served;
    }
}
