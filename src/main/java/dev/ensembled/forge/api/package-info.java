/** What ensembled asks of a forge: a port with an adapter for each product, and the values that cross it. */
package dev.ensembled.forge.api;
