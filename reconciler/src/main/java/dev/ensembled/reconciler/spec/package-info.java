/** What a user asks for: the resource, its file form and its validation. Imports no other room of the brain. */
package dev.ensembled.reconciler.spec;
