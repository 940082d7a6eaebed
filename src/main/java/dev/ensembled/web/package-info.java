/**
 * The pages for people, the API and the fetch hint, over HTTP, and the access check for every request. Imports {@code daemon},
 * {@code summary}, the types of {@code driver} and {@code git} that it displays, and the reconciler.
 */
package dev.ensembled.web;
