/** What probes and people ask of the daemon at {@code /q/health}. Imports {@code daemon}, what it shows of {@code driver} and {@code git}, and the brain. */
package dev.ensembled.health;
