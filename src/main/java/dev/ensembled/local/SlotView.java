package dev.ensembled.local;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.util.Optional;

/**
 * What can be seen of the place of a server.
 *
 * @param record of the process that runs, or of the last one that ran, or of the one that may not start
 * @param phase RUNNING or CRASHED; PENDING while nothing was tried
 * @param reason why it is not running, in one word; empty if it is
 * @param message the same for people
 * @param disk what was found on its disk before it was started, or when it ended
 */
record SlotView(
        Optional<ProcessRecord> record,
        Phase phase,
        String reason,
        String message,
        Disk disk,
        Optional<StartPermit> permit) {
    static final SlotView EMPTY = new SlotView(Optional.empty(), Phase.PENDING, "", "", Disk.FINE, Optional.empty());

    boolean running() {
        return phase == Phase.RUNNING;
    }

    boolean isOf(String uid) {
        return record.filter(life -> life.uid().equals(uid)).isPresent();
    }

    /** Whether it looks at its disk again and again, until that is fine or the server is admitted. */
    boolean waits() {
        return phase == Phase.CRASHED && disk != Disk.FINE && disk != Disk.CORRUPT;
    }
}
