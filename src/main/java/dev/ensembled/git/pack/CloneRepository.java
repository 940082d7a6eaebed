package dev.ensembled.git.pack;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/**
 * A repository that checks packs before it stores them. JGit limits what is pushed to it, but not what it fetches: it
 * resolves deltas in memory, whatever their size. This is the only place at which its fetch can be limited.
 */
final class CloneRepository extends FileRepository {
    private final PackLimits limits;

    CloneRepository(BaseRepositoryBuilder<?, ?> place, PackLimits limits) throws IOException {
        super(place);
        this.limits = limits;
    }

    @Override
    public ObjectInserter newObjectInserter() {
        return new Bounded(super.newObjectInserter(), limits);
    }

    private static final class Bounded extends ObjectInserter.Filter {
        private final ObjectInserter inserter;
        private final PackLimits limits;

        Bounded(ObjectInserter inserter, PackLimits limits) {
            this.inserter = inserter;
            this.limits = limits;
        }

        @Override
        protected ObjectInserter delegate() {
            return inserter;
        }

        @Override
        public PackParser newPackParser(InputStream in) throws IOException {
            return super.newPackParser(new ScannedStream(in, new PackScan(limits)));
        }
    }
}
