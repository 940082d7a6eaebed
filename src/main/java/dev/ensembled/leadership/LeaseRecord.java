package dev.ensembled.leadership;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The content of a lease.
 *
 * @param holder the replica that leads; empty if it was released
 * @param duration as the holder set it
 * @param acquired when the holder began to lead, by its clock
 * @param renewed when the holder last renewed, by its clock: compared for equality only
 * @param transitions how often the holder has changed
 * @param hints the time of the last hint of each kind and source, by its key
 * @param version the version that an update must still find
 */
public record LeaseRecord(
        Optional<String> holder,
        Duration duration,
        Optional<Instant> acquired,
        Optional<Instant> renewed,
        int transitions,
        Map<String, String> hints,
        String version) {

    public LeaseRecord {
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(version, "version");
        hints = Map.copyOf(hints);
    }

    boolean isHeldBy(String identity) {
        return holder.filter(identity::equals).isPresent();
    }

    /** Whether the holder has done nothing between these two; a hint of another replica does not count. */
    boolean sameTermAs(LeaseRecord other) {
        return holder.equals(other.holder) && renewed.equals(other.renewed) && transitions == other.transitions;
    }

    LeaseRecord acquiredBy(String identity, Duration lasting, Instant now) {
        return new LeaseRecord(
                Optional.of(identity), lasting, Optional.of(now), Optional.of(now), transitions + 1, hints, version);
    }

    LeaseRecord renewedAt(Instant now) {
        return new LeaseRecord(holder, duration, acquired, Optional.of(now), transitions, hints, version);
    }

    LeaseRecord released(Instant now) {
        return new LeaseRecord(Optional.empty(), duration, acquired, Optional.of(now), transitions, hints, version);
    }
}
