/**
 * What the pages show, as records that the templates write. Pure. Imports {@code summary}, the types of {@code driver} and
 * {@code git} that it displays, and the reconciler.
 */
package dev.ensembled.web.page;
