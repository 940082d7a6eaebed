/**
 * Where the config repository is and how to sign in, and what must not be shown of it. Imports no other package of
 * {@code git}.
 */
package dev.ensembled.git.settings;
