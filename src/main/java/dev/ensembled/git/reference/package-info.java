/**
 * What the Git source follows: a branch, a tag, a range of versions or a commit, and how its newest commit is found in a list
 * of refs. The lowest layer: imports no other package of {@code git}.
 */
package dev.ensembled.git.reference;
