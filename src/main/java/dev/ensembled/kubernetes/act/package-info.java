/** The changes of objects that a step asks for. Imports {@code client} and {@code observe}. */
package dev.ensembled.kubernetes.act;
