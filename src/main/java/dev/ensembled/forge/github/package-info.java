/** GitHub and GitHub Enterprise Server, with a token of a user or as a GitHub App. */
package dev.ensembled.forge.github;
