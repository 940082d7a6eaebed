package dev.ensembled.local.store;

import dev.ensembled.local.file.DurableFile;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.UnreadableHistoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * The rollout history of an ensemble as a file. A file that cannot be read as a history is renamed to
 * {@code NAME.unreadable}, and a new history begins.
 */
record HistoryFile(Path path) {
    private static final Logger LOG = Logger.getLogger(HistoryFile.class);

    History read() {
        try {
            return StoreFiles.readHistory(path);
        } catch (NoSuchFileException e) {
            return History.EMPTY;
        } catch (UnreadableHistoryException e) {
            putAside(e.getMessage());
            return History.EMPTY;
        } catch (IOException e) {
            throw new RetryLaterException("cannot read the history: " + path, e);
        }
    }

    void write(History history) {
        try {
            DurableFile.replace(path, HistoryText.of(history).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LogEntry.of("cannot write the history file")
                    .with(LogKey.FILE, path)
                    .with(LogKey.REASON, e)
                    .warn(LOG);
            throw new RetryLaterException("cannot write the history: " + path, e);
        }
    }

    private void putAside(String cause) {
        LogEntry.of("the history cannot be read, a new one begins; the old one is kept as this file")
                .with(LogKey.FILE, path + ".unreadable")
                .with(LogKey.REASON, cause)
                .warn(LOG);
        try {
            new JsonFile(path, StoreFiles.REMEDY).putAside();
        } catch (IOException e) {
            LogEntry.of("cannot rename the history file")
                    .with(LogKey.FILE, path)
                    .with(LogKey.REASON, e)
                    .warn(LOG);
        }
    }
}
