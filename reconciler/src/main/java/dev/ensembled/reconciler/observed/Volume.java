package dev.ensembled.reconciler.observed;

/**
 * A volume of a member, by its claim.
 *
 * @param claim its name
 * @param template which of the member's volumes it is: the name of the claim template, such as data
 * @param member whose it is
 * @param requestedBytes what the claim asks for
 * @param capacityBytes what the volume has, with the file system grown to it; 0 while it is not bound
 * @param wantsRestart whether the file system grows only when the server's pod is restarted
 */
public record Volume(
        String claim, String template, int member, long requestedBytes, long capacityBytes, boolean wantsRestart) {}
