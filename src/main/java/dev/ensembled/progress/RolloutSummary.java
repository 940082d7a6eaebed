package dev.ensembled.progress;

import java.time.Duration;

/**
 * What a rollout took, as far as this process has seen it.
 *
 * @param restarts the number of members that were restarted or replaced
 * @param leaderChanges how many times another member was seen to lead
 */
public record RolloutSummary(Duration took, int restarts, int leaderChanges) {}
