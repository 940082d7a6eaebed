/**
 * The accepted specs as custom resources, their status, events and removal. Imports {@code client} and {@code act}.
 */
package dev.ensembled.kubernetes.store;
