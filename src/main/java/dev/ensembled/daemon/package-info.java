/** The composition root: the settings, and how the parts are connected. The only package that imports all others. */
package dev.ensembled.daemon;
