/**
 * Reads the state of ZooKeeper servers, tests that they serve, changes their membership and has them write snapshots,
 * on any platform. Imports the JDK, the ZooKeeper client and the packages {@code observed}, {@code desired},
 * {@code cycle}, {@code rollout} and {@code spec} of the reconciler.
 */
package dev.ensembled.zookeeper;
