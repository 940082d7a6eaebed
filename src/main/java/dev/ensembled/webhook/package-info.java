/**
 * Webhooks: a forge reports a push, and the source fetches at once instead of at its next interval. A delivery is only a hint:
 * it is verified by a secret, and decides at most that a fetch is requested. Verification and decision
 * ({@link dev.ensembled.webhook.Verification}, {@link dev.ensembled.webhook.Hint}) are pure;
 * {@link dev.ensembled.webhook.WebhookListener} is the HTTP server on a port of its own. Imports {@code daemon}, the mounted
 * files of {@code git.settings}, the security headers of {@code web}, Jackson and Vert.x.
 */
package dev.ensembled.webhook;
