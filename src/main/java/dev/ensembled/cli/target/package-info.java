/**
 * Where the ensembles of a command are: in a cluster, or below the state directory of a local daemon. Imports
 * {@code kubernetes}, {@code local} and {@code summary}, and the client of the API server.
 */
package dev.ensembled.cli.target;
