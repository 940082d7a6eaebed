package dev.ensembled.leadership;

import java.time.Duration;

/**
 * The times of a lease. A leader that cannot renew the lease stops to begin calls after {@code renewWithin}, and its last
 * call ends after {@code call}; both together end before another replica may lead, however late the last renewal was seen.
 *
 * @param duration how long another replica must have seen the lease unchanged before it leads
 * @param renewWithin how long after the begin of the last successful renewal the leader may begin a call
 * @param call the longest time from the check of the lease to the end of the call that it permits
 * @param retry the pause between two renewals, or two looks at the lease of another replica
 */
public record LeaseTimes(Duration duration, Duration renewWithin, Duration call, Duration retry) {

    /** 4 s + 10 s, and 1 s for clocks that do not run at the same speed: 15 s, as the components of Kubernetes have it. */
    public static final LeaseTimes DEFAULT = new LeaseTimes(
            Duration.ofSeconds(15), Duration.ofSeconds(4), Duration.ofSeconds(10), Duration.ofSeconds(1));

    /** The longest time of a request for the lease itself, so that a second one can follow before the leader must stop. */
    public Duration request() {
        return renewWithin.dividedBy(2);
    }

    public LeaseTimes {
        if (renewWithin.plus(call).compareTo(duration) >= 0) {
            throw new IllegalArgumentException("the lease of " + duration.toSeconds()
                    + " s is too short; expected more than the sum of renewWithin and call, "
                    + renewWithin.plus(call).toSeconds() + " s");
        }
        if (retry.multipliedBy(2).compareTo(renewWithin) > 0) {
            throw new IllegalArgumentException(
                    "retry is " + retry.toSeconds() + " s; expected at most half of renewWithin");
        }
    }
}
