/** Access to the API on a laptop, by a token file. Imports {@code access} and {@code local.file}. */
package dev.ensembled.local.access;
