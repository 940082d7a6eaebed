/** The lease by which replicas choose a leader, as a Lease object. Imports {@code client}, and the port of {@code leadership}. */
package dev.ensembled.kubernetes.lease;
