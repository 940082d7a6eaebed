/**
 * Decides which accepted specs a commit changes, and what happens to the other ensembles, without side effects. Imports
 * only {@code spec}.
 */
package dev.ensembled.reconciler.accept;
