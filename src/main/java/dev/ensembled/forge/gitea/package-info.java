/** The forges Gitea and Forgejo, whose APIs are the same in what is used here. */
package dev.ensembled.forge.gitea;
