package dev.ensembled.reconciler.forecast;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time in a forecast, which passes only when a gate waits for it. */
final class ForecastClock extends Clock {
    private Instant now;

    ForecastClock(Instant start) {
        this.now = start;
    }

    void advanceTo(Instant time) {
        now = time;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a forecast has one zone");
    }
}
