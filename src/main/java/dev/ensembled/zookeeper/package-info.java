/**
 * Asks ZooKeeper servers what they are, proves that they serve, changes their membership and has them write snapshots,
 * on any platform. Imports the JDK, the ZooKeeper client and the rooms {@code observed}, {@code desired}, {@code cycle}
 * and {@code spec} of the brain.
 */
package dev.ensembled.zookeeper;
