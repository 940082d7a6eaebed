/** The composition root: settings, and what is plugged into what. The only room that imports every other. */
package dev.ensembled.daemon;
