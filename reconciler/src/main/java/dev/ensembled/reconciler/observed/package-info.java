/** What exists, as the platform and the servers tell it; plain data. Imports only {@code spec}. */
package dev.ensembled.reconciler.observed;
