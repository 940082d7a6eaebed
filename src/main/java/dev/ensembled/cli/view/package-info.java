/** What an ensemble does and did, and what a plan says, as text and JSON. Imports {@code target}, {@code text} and {@code summary}. */
package dev.ensembled.cli.view;
