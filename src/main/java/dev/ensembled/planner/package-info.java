/**
 * Makes the plan of files that are not pushed yet: reads the store and observes the ensembles that they change, and changes
 * nothing. Imports only the reconciler.
 */
package dev.ensembled.planner;
