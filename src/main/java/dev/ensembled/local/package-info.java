/**
 * The local platform: real ZooKeeper servers as child processes on loopback, with store, data and logs in one directory. The
 * entry is {@link dev.ensembled.local.LocalPlatform}. Imports the JDK, Jackson, JBoss Logging, the package {@code zookeeper}
 * and the module {@code reconciler}.
 */
package dev.ensembled.local;
