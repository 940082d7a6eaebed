/** From the failure of a fetch to a message for people. Imports {@code reference} and {@code settings}. */
package dev.ensembled.git.failure;
