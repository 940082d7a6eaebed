/** The files of one commit. Imports {@code settings}, {@code failure} and {@code pack}. */
package dev.ensembled.git.tree;
