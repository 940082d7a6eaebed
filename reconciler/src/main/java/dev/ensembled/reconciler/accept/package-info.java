/** Which accepted specs a commit changes, and what becomes of the others; pure. Imports only {@code spec}. */
package dev.ensembled.reconciler.accept;
