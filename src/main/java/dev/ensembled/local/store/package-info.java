/** The accepted specs as files. Imports {@code file}. */
package dev.ensembled.local.store;
