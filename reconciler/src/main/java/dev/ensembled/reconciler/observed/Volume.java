package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume of a member, by its claim.
 *
 * @param claim its name
 * @param template which of the member's volumes it is: the name of the claim template, such as data
 * @param member whose it is
 * @param requestedBytes what the claim asks for
 * @param capacityBytes what the volume has, with the file system grown to it; 0 while it is not bound
 * @param needsRestartSince when it had had its time to grow under a running server; empty while it has, or needs none
 * @param failure why it does not grow, in the platform's own words; empty if it says nothing
 */
public record Volume(
        String claim,
        String template,
        int member,
        long requestedBytes,
        long capacityBytes,
        Optional<Instant> needsRestartSince,
        String failure) {

    /** One of which nothing is known but its sizes. */
    public static Volume of(String claim, String template, int member, long requestedBytes, long capacityBytes) {
        return new Volume(claim, template, member, requestedBytes, capacityBytes, Optional.empty(), "");
    }

    /** Whether it holds only the transaction log. */
    public boolean isOfLog() {
        return !template.equals("data");
    }

    /** Whether its file system grows only when another instance takes the place of this one. */
    public boolean wantsRestartOf(Instance instance) {
        return needsRestartSince.filter(instance.created()::isBefore).isPresent();
    }

    /** Whether this instance was made since then, which should have let the file system grow. */
    public boolean outlasted(Instance instance) {
        return needsRestartSince.isPresent() && !wantsRestartOf(instance);
    }
}
