/** The observed state, as the platform and the servers report it; plain data. Imports only {@code spec}. */
package dev.ensembled.reconciler.observed;
