package dev.ensembled.local;

import java.util.Objects;

/**
 * What was applied last for an ensemble: its servers are started from this, also by the next daemon.
 *
 * @param places how many places have a process, from member 1 on; null in a file of a version that kept no such number
 * @param ended whether the ensemble was removed: then nothing is started, and its data stays
 */
record AppliedTarget(Target target, Integer places, boolean ended) {

    AppliedTarget {
        Objects.requireNonNull(target, "target");
    }

    AppliedTarget withPlaces(int other) {
        return new AppliedTarget(target, other, ended);
    }
}
