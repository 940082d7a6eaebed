package dev.ensembled.webhook;

import dev.ensembled.git.settings.MountedFile;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A source whose forge may send webhooks.
 *
 * @param secret the file with the secret, which is read for each delivery
 * @param follows whether the source follows a reference, such as {@code refs/heads/main}
 * @param fetch requests a fetch, from any thread; returns false if the source does not run yet
 * @param planPullRequests requests plans of the pull requests, from any thread; returns false if nothing is reported to a
 *     forge
 */
record HookedSource(
        MountedFile secret, Predicate<String> follows, BooleanSupplier fetch, BooleanSupplier planPullRequests) {}
