/**
 * The platform of a laptop: real ZooKeeper servers as child processes on loopback, with store, data and logs in one
 * directory. Imports the JDK, Jackson, JBoss Logging, the room {@code zookeeper} and the brain.
 */
package dev.ensembled.local;
