/** GitLab, whose pull requests are merge requests. */
package dev.ensembled.forge.gitlab;
