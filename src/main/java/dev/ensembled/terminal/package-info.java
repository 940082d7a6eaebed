/** The live view of ensembles in a terminal. Imports {@code daemon}, what it shows of {@code driver} and {@code git}, and the brain. */
package dev.ensembled.terminal;
