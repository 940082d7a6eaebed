/** The local clone, and the check of each pack before Git reads it. Imports {@code settings} and {@code failure}. */
package dev.ensembled.git.pack;
