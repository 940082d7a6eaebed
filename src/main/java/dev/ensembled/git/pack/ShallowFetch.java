package dev.ensembled.git.pack;

import dev.ensembled.git.failure.LimitExceededException;
import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
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
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jboss.logging.Logger;

/**
 * Transfers the newest commit of the reference, and only the parts that are read, as far as the server supports filters:
 *
 * <ol>
 *   <li>first its directories without files, then the files below the configured directory except large ones;
 *   <li>if the server does not allow that: all files except large ones;
 *   <li>otherwise everything.
 * </ol>
 *
 * <p>The ref of the clone is updated only when all wanted parts of the commit are there, so that a commit which a later
 * transfer reports to the server as present is complete. Files that are missing then were left out because of their size.
 * History is not requested; see {@link HistoryFetch}.
 */
public final class ShallowFetch {
    private static final Logger LOG = Logger.getLogger(ShallowFetch.class);

    private final Repository local;
    private final Connector connector;
    private final GitSettings settings;
    private final ProgressMonitor monitor;

    /**
     * Whether the server may send deltas to objects of the clone. Git's own server sends only what changed since a shallow
     * commit if it may. Such deltas are resolved in memory, so if that exceeds the limit, the transfer is repeated without them.
     */
    private boolean thin;

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

    /** Transfers the newest commit and returns it; it may be newer than the commit that the server reported before. */
    public Tip run(boolean fresh) throws IOException {
        thin = !fresh;
        try {
            return transfer(fresh);
        } catch (TransportException e) {
            if (!thin || !LimitExceededException.isCauseOf(e)) {
                throw e;
            }
            thin = false;
            return transfer(fresh);
        }
    }

    private Tip transfer(boolean fresh) throws IOException {
        List<FetchFilter> all = FetchFilter.toTry(settings.path());
        List<FetchFilter> left =
                fresh ? all : all.subList(Math.max(0, all.indexOf(LocalClone.extent(local))), all.size());
        for (FetchFilter extent : left) {
            Optional<Tip> commit = attempt(extent, extent == FetchFilter.EVERYTHING);
            if (commit.isPresent()) {
                return done(commit.get(), extent);
            }
        }
        throw new IllegalStateException("transfer without a filter neither completed nor refused");
    }

    private Optional<Tip> attempt(FetchFilter extent, boolean last) throws IOException {
        try {
            return Optional.of(
                    switch (extent) {
                        case DIRECTORY -> directory();
                        case SMALL_FILES -> tip(FetchFilter.smallFiles());
                        case EVERYTHING -> tip(FilterSpec.NO_FILTER);
                    });
        } catch (TransportException e) {
            if (last || !isRefusal(e)) {
                throw e;
            }
            LogEntry.of("git filter refused")
                    .with(LogKey.EXTENT, extent)
                    .with(LogKey.REASON, DisplayText.oneLine(e.getMessage()))
                    .debug(LOG);
            return Optional.empty();
        }
    }

    /** Whether the server answered and refused the request. */
    static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PackProtocolException || cause instanceof RemoteRepositoryException) {
                return true;
            }
        }
        return false;
    }

    private Tip directory() throws IOException {
        Tip tip = tip(FetchFilter.noFiles());
        try (RevWalk walk = new RevWalk(local)) {
            RevCommit parsed = walk.parseCommit(tip.commit());
            try (TreeWalk found = TreeWalk.forPath(walk.getObjectReader(), settings.path(), parsed.getTree())) {
                if (found != null && found.getFileMode(0) == FileMode.TREE) {
                    objects(found.getObjectId(0));
                }
            }
        }
        return tip;
    }

    private Tip tip(FilterSpec filter) throws IOException {
        try (Transport transport = connector.open(local)) {
            transport.setDepth(1);
            try (FetchConnection connection = open(transport, filter)) {
                Tip tip = settings.reference()
                        .find(connection.getRefs())
                        .orElseThrow(() ->
                                new TransportException(settings.reference().text() + " deleted during the fetch"));
                connection.fetch(monitor, List.of(tip.wanted()), Set.of());
                return tip;
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
        transport.setFetchThin(thin);
        transport.setFilterSpec(filter);
        return transport.openFetch(List.of(settings.reference().listed()));
    }

    private Tip done(Tip tip, FetchFilter extent) throws IOException {
        LocalClone.extent(local, extent);
        RefUpdate update = local.updateRef(settings.reference().cloneRef());
        update.setNewObjectId(tip.commit());
        update.setForceUpdate(true);
        RefUpdate.Result result = update.update();
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {
                return tip;
            }
            default -> throw new IOException("cannot update the ref in the clone: " + result);
        }
    }
}
