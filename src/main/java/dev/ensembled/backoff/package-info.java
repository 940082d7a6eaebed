/** How long to wait before the next attempt. Imports the JDK only. */
package dev.ensembled.backoff;
