package dev.ensembled.reconciler.observed;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume of a member, by its claim.
 *
 * @param claim the name of the claim
 * @param template the name of the claim template, such as data, which distinguishes the volumes of a member
 * @param member the id of its member
 * @param requestedBytes the size that the claim requests
 * @param capacityBytes the size of the volume, with the file system grown to it; 0 while it is not bound
 * @param needsRestartSince when its time to grow under a running server had passed; empty before, or if it needs no
 *     restart
 * @param failure why it does not grow, as the platform reports it; empty if it reports nothing
 */
public record Volume(
        String claim,
        String template,
        int member,
        long requestedBytes,
        long capacityBytes,
        Optional<Instant> needsRestartSince,
        String failure) {

    /** Returns a volume of which only the sizes are known. */
    public static Volume of(String claim, String template, int member, long requestedBytes, long capacityBytes) {
        return new Volume(claim, template, member, requestedBytes, capacityBytes, Optional.empty(), "");
    }

    /** Whether it holds only the transaction log. */
    public boolean isOfLog() {
        return !template.equals("data");
    }

    /** Whether its file system grows only when this instance is replaced by another one. */
    public boolean needsRestartOf(Instance instance) {
        return needsRestartSince.filter(instance.created()::isBefore).isPresent();
    }

    /** Whether this instance was created after that time, which should have made the file system grow. */
    public boolean hasNotGrownWith(Instance instance) {
        return needsRestartSince.isPresent() && !needsRestartOf(instance);
    }
}
