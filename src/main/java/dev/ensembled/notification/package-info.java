/**
 * Sends what changed in the rollout and in the health of ensembles to receivers outside, over HTTP. A receiver that fails
 * delays no reconcile cycle and no other receiver. Imports {@code progress}, {@code log}, {@code backoff} and the HTTP client of
 * {@code git}.
 */
package dev.ensembled.notification;
