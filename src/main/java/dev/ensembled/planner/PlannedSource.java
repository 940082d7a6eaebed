package dev.ensembled.planner;

import dev.ensembled.reconciler.accept.Commit;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A source to which files may be pushed.
 *
 * @param origin its identity
 * @param specs reads specs as the source does
 * @param directory that the source reads; empty for the whole repository
 * @param context returns what it must consider beside its own commits, as of now
 */
public record PlannedSource(Origin origin, SpecReader specs, String directory, Supplier<SourceContext> context) {
    String name() {
        return origin.name();
    }

    Commit commit(String id) {
        return new Commit(id, origin, Set.of(), context.get());
    }
}
