/** Requests to the API of a forge, bounded in time and size. */
package dev.ensembled.forge.http;
