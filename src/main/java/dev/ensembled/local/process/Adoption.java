package dev.ensembled.local.process;

import dev.ensembled.local.file.UnreadableFileException;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds the process that an earlier daemon started in the slot of a server. A process is found even if its record is lost or
 * cannot be read, because a second process must not run on the same data.
 */
record Adoption(ServerDirectory files, Clock clock) {
    private static final Logger LOG = Logger.getLogger(Adoption.class);

    /** A running process and its record. */
    record Found(ProcessRecord record, ProcessHandle process) {}

    Optional<Found> find() throws IOException {
        Optional<ProcessRecord> recorded = recorded();
        Optional<ProcessHandle> known = recorded.flatMap(ProcessRecord::running);
        if (known.isPresent()) {
            return known.map(process -> new Found(recorded.get().startedAs(process), process));
        }
        Optional<ProcessRecord> unrecorded = ProcessRecord.foundIn(files.dir(), clock.instant());
        if (unrecorded.isPresent()) {
            LogEntry.of("running server without a process record adopted")
                    .with(LogKey.WHAT, unrecorded.get())
                    .warn(LOG);
            files.process().write(unrecorded.get());
        }
        return unrecorded.flatMap(record -> record.running().map(process -> new Found(record, process)));
    }

    private Optional<ProcessRecord> recorded() throws IOException {
        try {
            return files.process().read(ProcessRecord.class);
        } catch (UnreadableFileException e) {
            LogEntry.of("process record unreadable, searching for the process")
                    .with(LogKey.REASON, e.getMessage())
                    .error(LOG);
            files.process().putAside();
            return Optional.empty();
        }
    }
}
