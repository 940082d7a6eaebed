/**
 * Connections to the Git server, by HTTP and SSH, with limits and a deadline. Imports {@code settings}, {@code failure} and
 * {@code pack}.
 */
package dev.ensembled.git.transport;
