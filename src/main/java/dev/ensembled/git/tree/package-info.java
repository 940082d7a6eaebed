/**
 * The files of one commit. Imports {@code settings}, {@code failure}, {@code history}, {@code pack} and {@code signature}.
 */
package dev.ensembled.git.tree;
