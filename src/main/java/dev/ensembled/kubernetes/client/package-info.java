/**
 * Access to the API server: clients, caches, failures, and our own last writes. Imports no other package of
 * {@code kubernetes}.
 */
package dev.ensembled.kubernetes.client;
