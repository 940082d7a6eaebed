/** The daemon; each room below it plugs the brain into one outside world. */
package dev.ensembled;
