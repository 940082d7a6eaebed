/** What probes and people ask of the daemon at {@code /q/health}. Imports {@code daemon} and the brain. */
package dev.ensembled.health;
