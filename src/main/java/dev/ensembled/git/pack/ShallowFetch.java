package dev.ensembled.git.pack;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jboss.logging.Logger;

/**
 * Transfers the newest commit of the branch, and only the parts that are read, as far as the server supports filters:
 *
 * <ol>
 *   <li>first its directories without files, then the files below the configured directory except large ones;
 *   <li>if the server does not allow that: all files except large ones;
 *   <li>otherwise everything.
 * </ol>
 *
 * <p>The branch of the clone is updated only when all wanted parts of the commit are there, so that a commit which a later
 * transfer reports to the server as present is complete. Files that are missing then were left out because of their size.
 * History is never requested.
 */
public final class ShallowFetch {
    private static final Logger LOG = Logger.getLogger(ShallowFetch.class);

    private final Repository local;
    private final Connector connector;
    private final GitSettings settings;
    private final ProgressMonitor monitor;

    /** Opens a transport to the repository. */
    public interface Connector {
        Transport open(Repository local) throws IOException;
    }

    public ShallowFetch(Repository local, Connector connector, GitSettings settings, ProgressMonitor monitor) {
        this.local = local;
        this.connector = connector;
        this.settings = settings;
        this.monitor = monitor;
    }

    /** Transfers the newest commit and returns its id; it may be newer than the commit that the server reported before. */
    public ObjectId run(boolean fresh) throws IOException {
        List<FetchFilter> all = FetchFilter.toTry(settings.path());
        List<FetchFilter> left =
                fresh ? all : all.subList(Math.max(0, all.indexOf(LocalClone.extent(local))), all.size());
        for (FetchFilter extent : left) {
            Optional<ObjectId> commit = attempt(extent, extent == FetchFilter.EVERYTHING);
            if (commit.isPresent()) {
                return done(commit.get(), extent);
            }
        }
        throw new IllegalStateException("transfer without a filter neither completed nor refused");
    }

    private Optional<ObjectId> attempt(FetchFilter extent, boolean last) throws IOException {
        try {
            return Optional.of(
                    switch (extent) {
                        case DIRECTORY -> directory();
                        case SMALL_FILES -> branch(FetchFilter.smallFiles());
                        case EVERYTHING -> branch(FilterSpec.NO_FILTER);
                    });
        } catch (TransportException e) {
            if (last || !isRefusal(e)) {
                throw e;
            }
            LOG.debugf("git filter refused extent=%s reason=\"%s\"", extent, DisplayText.oneLine(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Whether the server answered and refused the request. */
    private static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PackProtocolException || cause instanceof RemoteRepositoryException) {
                return true;
            }
        }
        return false;
    }

    private ObjectId directory() throws IOException {
        ObjectId commit = branch(FetchFilter.noFiles());
        try (RevWalk walk = new RevWalk(local)) {
            RevCommit parsed = walk.parseCommit(commit);
            try (TreeWalk found = TreeWalk.forPath(walk.getObjectReader(), settings.path(), parsed.getTree())) {
                if (found != null && found.getFileMode(0) == FileMode.TREE) {
                    objects(found.getObjectId(0));
                }
            }
        }
        return commit;
    }

    private ObjectId branch(FilterSpec filter) throws IOException {
        try (Transport transport = connector.open(local)) {
            transport.setDepth(1);
            try (FetchConnection connection = open(transport, filter)) {
                Ref branch = connection.getRef(settings.ref());
                if (branch == null) {
                    throw new TransportException("branch deleted during the fetch");
                }
                connection.fetch(monitor, List.of(branch), Set.of());
                return branch.getObjectId();
            }
        }
    }

    private void objects(ObjectId tree) throws IOException {
        try (Transport transport = connector.open(local);
                FetchConnection connection = open(transport, FetchFilter.smallFiles())) {
            Ref wanted = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, tree.name(), tree);
            connection.fetch(monitor, List.of(wanted), Set.of());
        }
    }

    private FetchConnection open(Transport transport, FilterSpec filter) throws IOException {
        transport.setFetchThin(false); // deltas to local objects would be resolved in memory
        transport.setFilterSpec(filter);
        return transport.openFetch(List.of(new RefSpec(settings.ref())));
    }

    private ObjectId done(ObjectId commit, FetchFilter extent) throws IOException {
        LocalClone.extent(local, extent);
        RefUpdate update = local.updateRef(settings.ref());
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        RefUpdate.Result result = update.update();
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {
                return commit;
            }
            default -> throw new IOException("cannot update the branch in the clone: " + result);
        }
    }
}
