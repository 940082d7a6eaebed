package dev.ensembled.local.process;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.util.Optional;

/**
 * The observable state of the slot of a server.
 *
 * @param record the record of the running process, of the last process, or of the process that may not start
 * @param phase RUNNING or CRASHED; PENDING until a start was attempted
 * @param reason why it does not run, in one word; empty if it runs
 * @param message the reason for people
 * @param disk the disk state that was found before the server was started, or when it ended
 */
public record SlotState(
        Optional<ProcessRecord> record,
        Phase phase,
        String reason,
        String message,
        Disk disk,
        Optional<StartPermit> permit) {
    static final SlotState EMPTY = new SlotState(Optional.empty(), Phase.PENDING, "", "", Disk.FINE, Optional.empty());

    /** The reason of a process that last ended because its heap was full. */
    static final String OUT_OF_MEMORY = "OutOfMemory";

    /** The problem on which a decision depends. On a laptop no other one is recognized. */
    public Problem problem() {
        return reason.equals(OUT_OF_MEMORY) ? Problem.HEAP_FULL : Problem.NONE;
    }

    public boolean running() {
        return phase == Phase.RUNNING;
    }

    SlotState withPermit(StartPermit how) {
        return new SlotState(record, phase, reason, message, disk, Optional.of(how));
    }

    boolean isOf(String uid) {
        return record.filter(life -> life.uid().equals(uid)).isPresent();
    }

    /** Whether the server checks its disk repeatedly, until the disk is fine or the server has a start permit. */
    boolean waits() {
        return phase == Phase.CRASHED && disk != Disk.FINE && disk != Disk.CORRUPT;
    }
}
