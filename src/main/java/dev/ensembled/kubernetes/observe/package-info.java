/** From the objects of an ensemble to the observation that the reconciler decides on. Imports {@code client}. */
package dev.ensembled.kubernetes.observe;
