/** Server processes: their directory, command, ports, and supervision. Imports {@code file}. */
package dev.ensembled.local.process;
