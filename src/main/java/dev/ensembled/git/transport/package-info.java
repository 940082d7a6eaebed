/**
 * Connections to the Git server, by HTTP and SSH, with limits and a deadline. Imports {@code reference}, {@code settings},
 * {@code failure}, {@code history} and {@code pack}.
 */
package dev.ensembled.git.transport;
