/**
 * The local clone, what is transferred into it, and the check of each pack before Git reads it. Imports {@code reference},
 * {@code settings}, {@code failure} and {@code history}.
 */
package dev.ensembled.git.pack;
