/** The daemon; each package below it connects the reconciler to one external system. */
package dev.ensembled;
