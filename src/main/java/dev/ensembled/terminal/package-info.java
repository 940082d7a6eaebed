/** The live view of ensembles in a terminal. Imports {@code daemon} and the brain. */
package dev.ensembled.terminal;
