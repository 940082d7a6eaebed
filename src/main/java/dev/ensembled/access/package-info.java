/** Which person may do what: the port by which the API asks the platform. Imports nothing of the daemon. */
package dev.ensembled.access;
