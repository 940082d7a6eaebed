/**
 * Whether the commit that is to be accepted comes after the last accepted commit, which is on record. Imports
 * {@code reference} and {@code settings}.
 */
package dev.ensembled.git.history;
