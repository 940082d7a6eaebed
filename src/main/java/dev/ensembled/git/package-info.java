/**
 * Fetches one branch of the config repository and hands what its files say to the store. Imports the brain's {@code spec},
 * {@code accept} and {@code cycle} rooms, and JGit; nothing of Kubernetes or ZooKeeper.
 */
package dev.ensembled.git;
