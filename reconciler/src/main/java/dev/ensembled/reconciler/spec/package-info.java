/**
 * What a user asks for: the resource, its form in a file, and its validation. Imports no other package of the
 * reconciler.
 */
package dev.ensembled.reconciler.spec;
