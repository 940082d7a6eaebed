/**
 * Which replica may act: the port {@link dev.ensembled.leadership.Leadership}, and its election by a lease. Imports {@code log}
 * and the reconciler only; the platform provides the place of the lease.
 */
package dev.ensembled.leadership;
