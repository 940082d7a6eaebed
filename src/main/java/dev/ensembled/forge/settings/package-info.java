/** Which forge, and how ensembled authenticates there. */
package dev.ensembled.forge.settings;
