/** What an ensemble does, what holds it and what opens the gate, for people. Imports {@code target} and {@code text}. */
package dev.ensembled.cli.view;
