/**
 * Pull requests: the plan of each open pull request as a comment and a status on the forge, and the state of the rollout as a
 * status of the commit that was merged. A forge that fails delays these, and nothing else.
 */
package dev.ensembled.forge;
