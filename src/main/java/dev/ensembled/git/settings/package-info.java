/**
 * Where the config repository is and how to sign in, and what must not be shown of it. Imports
 * {@code reference}.
 */
package dev.ensembled.git.settings;
