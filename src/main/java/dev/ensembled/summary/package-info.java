/**
 * What an ensemble does, what holds it and what opens the gate, for people: the same words on the command line and on the
 * page. Imports the reconciler only.
 */
package dev.ensembled.summary;
