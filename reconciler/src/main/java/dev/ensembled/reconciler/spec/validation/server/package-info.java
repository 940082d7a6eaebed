/**
 * The rules for {@code spec.config} and {@code spec.jvm}: which keys and options ZooKeeper knows, and which values are safe.
 */
package dev.ensembled.reconciler.spec.validation.server;
