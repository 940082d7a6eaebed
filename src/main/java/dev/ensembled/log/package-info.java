/** What one line of the log consists of: a constant message, and keys with values, which are named here only. Imports nothing. */
package dev.ensembled.log;
