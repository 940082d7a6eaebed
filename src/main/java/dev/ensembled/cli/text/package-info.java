/** How values look on a terminal: tables, ages, emphasis. Imports nothing. */
package dev.ensembled.cli.text;
