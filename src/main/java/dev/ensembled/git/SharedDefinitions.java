package dev.ensembled.git;

import dev.ensembled.reconciler.accept.Definition;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The ensembles that the files of each source of a daemon name, as of the commit that the source read last. Each source
 * publishes its own before it reads those of the others, so that of two sources that define the same ensemble at least one
 * sees the other. Thread-safe; in memory.
 */
public final class SharedDefinitions {
    private static final long SLICE_MILLIS = 1000;

    private final Map<String, Map<EnsembleId, Definition>> bySource = new TreeMap<>();
    private final Map<String, Runnable> listeners = new HashMap<>();
    private final ReentrantLock store = new ReentrantLock(true);

    /** Registers what is called, on any thread, when the definitions of another source have changed. */
    synchronized void listen(String source, Runnable changed) {
        listeners.put(source, changed);
    }

    /** Replaces the definitions of a source by those of a commit. */
    void publish(Origin origin, ParsedCommit parsed) {
        if (origin.others().isEmpty()) {
            return;
        }
        Map<EnsembleId, Definition> definitions = new HashMap<>();
        parsed.ensembles()
                .forEach(one ->
                        definitions.put(one.id(), new Definition(origin.name(), origin.source(), one.path(), true)));
        parsed.invalid().forEach(id -> definitions.put(id, new Definition(origin.name(), origin.source(), "", false)));
        synchronized (this) {
            if (!definitions.equals(bySource.put(origin.name(), definitions))) {
                listeners.forEach((name, changed) -> {
                    if (!name.equals(origin.name())) {
                        changed.run();
                    }
                });
            }
        }
    }

    /** What a source must consider beside its own commit. A valid definition hides one that is not. */
    public synchronized SourceContext around(String source, Set<String> namespaces) {
        Map<EnsembleId, Definition> others = new HashMap<>();
        bySource.forEach((name, definitions) -> {
            if (!name.equals(source)) {
                definitions.forEach((id, definition) ->
                        others.merge(id, definition, (first, next) -> first.valid() || !next.valid() ? first : next));
            }
        });
        return new SourceContext(namespaces, others);
    }

    /**
     * Runs a comparison with the store while no other source runs one: what one source has read must not be outdated by a
     * change that another one makes.
     *
     * @param heartbeat called about every second while it waits
     * @return what the comparison returns; false if the source ends while it waits
     */
    boolean exclusively(Runnable heartbeat, BooleanSupplier comparison) {
        try {
            while (!store.tryLock(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                heartbeat.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return comparison.getAsBoolean();
        } finally {
            store.unlock();
        }
    }
}
