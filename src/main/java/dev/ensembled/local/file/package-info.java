/** Files of the state directory that survive a crash. Imports no other package of {@code local}. */
package dev.ensembled.local.file;
