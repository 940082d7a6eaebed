/**
 * Fetches one reference of the config repository and passes the content of its files to the store. The loop is
 * {@link dev.ensembled.git.GitSource}; the sub-packages are layers below it, of which {@code reference} is the lowest. Imports
 * the packages {@code spec}, {@code accept} and {@code cycle} of the reconciler, {@code backoff}, and JGit; nothing of
 * Kubernetes or ZooKeeper.
 */
package dev.ensembled.git;
