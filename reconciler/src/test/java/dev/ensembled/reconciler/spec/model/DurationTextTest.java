package dev.ensembled.reconciler.spec.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "5s, PT5S, 5s",
        "5m, PT5M, 5m",
        "1h30m, PT1H30M, 1h30m",
        "90m, PT1H30M, 1h30m",
        "500ms, PT0.5S, 500ms",
        "1m500ms, PT1M0.5S, 1m500ms",
        "0s, PT0S, 0s",
        "0m, PT0S, 0s",
        "48h, PT48H, 48h"
    })
    void durationIsReadInAnyFormAndWrittenInTheShortest(String text, Duration duration, String shortest) {
        assertThat(DurationText.parse(text)).contains(duration);
        assertThat(DurationText.format(duration)).isEqualTo(shortest);
        assertThat(DurationText.parse(shortest)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5s5m", "PT5S", "1.5h", "5S", "9999999s", "5s\n"})
    void invalidDurationIsRefused(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @Test
    void durationDropsFractionsOfAMillisecond() {
        assertThat(DurationText.format(Duration.ofNanos(1))).isEqualTo("0s");
    }
}
