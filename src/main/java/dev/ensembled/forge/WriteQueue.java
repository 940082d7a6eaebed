package dev.ensembled.forge;

import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What is still to be written to a forge. For each place, such as the comment on a pull request, only the latest content
 * counts, and content that is there already is not written again. A write that fails stays in the queue; only content that
 * the forge refuses is dropped, since it would be refused again. Not thread-safe.
 */
final class WriteQueue {
    private static final Logger LOG = Logger.getLogger(WriteQueue.class);
    /** More than all pull requests and commits that are of interest at a time. */
    private static final int MAX_PLACES = 1_000;

    private final Map<String, Write> pending = new Recent<>();
    private final Map<String, Object> written = new Recent<>();

    /**
     * Something to write.
     *
     * @param place what it replaces, as the forge names it
     * @param content equal to other content that reads the same
     */
    record Write(String place, Object content, Request request) {}

    /** Writes the content. */
    interface Request {
        void send(Forge forge) throws ForgeFailedException;
    }

    /** Forgets the oldest places. */
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MAX_PLACES;
        }
    }

    /** Adds a write, in place of an earlier one for the same place. */
    void put(Write write) {
        if (write.content().equals(written.get(write.place()))) {
            pending.remove(write.place());
        } else {
            pending.put(write.place(), write);
        }
    }

    int size() {
        return pending.size();
    }

    /**
     * Sends everything, the oldest first.
     *
     * @return why the forge refused the content of a write, the last one if there are several; empty if it refused none
     * @throws ForgeFailedException if the forge cannot be used now; what was not sent stays in the queue
     */
    Optional<ForgeFailedException> send(Forge forge) throws ForgeFailedException {
        Optional<ForgeFailedException> refusal = Optional.empty();
        for (Iterator<Write> writes = pending.values().iterator(); writes.hasNext(); ) {
            Write write = writes.next();
            try {
                write.request().send(forge);
            } catch (ForgeFailedException e) {
                if (e.kind() != Kind.REQUEST) {
                    throw e;
                }
                refusal = Optional.of(e);
                LogEntry.of("forge refused a write")
                        .with(LogKey.PLACE, write.place())
                        .with(LogKey.WHAT, e.getMessage())
                        .with(LogKey.TODO, e.toDo())
                        .warn(LOG);
            }
            written.put(write.place(), write.content());
            writes.remove();
        }
        return refusal;
    }
}
