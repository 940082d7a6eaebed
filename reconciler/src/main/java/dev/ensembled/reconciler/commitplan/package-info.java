/**
 * What a commit would do, before it is pushed: the document that the command line, the page and the forge show. Imports
 * {@code forecast} and everything before it.
 */
package dev.ensembled.reconciler.commitplan;
