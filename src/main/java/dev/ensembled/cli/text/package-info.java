/** How values look on a terminal: tables, emphasis. Imports nothing. */
package dev.ensembled.cli.text;
