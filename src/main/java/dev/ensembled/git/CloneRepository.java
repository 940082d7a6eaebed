package dev.ensembled.git;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/**
 * A repository that looks at packs before it takes them. JGit bounds what is pushed to it, and nothing of what it fetches: it
 * puts differences together in memory, whatever their size. This is the one place at which its fetch can be bounded.
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
