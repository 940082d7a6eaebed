/**
 * Asks ZooKeeper servers what they are and proves that they serve, on any platform. Imports the JDK, the ZooKeeper
 * client and the rooms {@code observed}, {@code cycle} and {@code spec} of the brain.
 */
package dev.ensembled.zookeeper;
