package dev.ensembled.git.pack;

import dev.ensembled.git.failure.LimitExceededException;
import dev.ensembled.git.history.AncestorSearch;
import dev.ensembled.git.history.Descent;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.Transport;
import org.jboss.logging.Logger;

/**
 * Finds out whether a transferred commit is a descendant of an earlier one, with as little transfer as possible:
 *
 * <ol>
 *   <li>the transferred commit names its parents, so a push of one commit, or of a merge, costs nothing;
 *   <li>otherwise the history is transferred in steps, each sixteen times as deep as the one before, until the earlier commit
 *       appears or there is no more: commits without their files, or if the server does not allow that, with what changed.
 * </ol>
 *
 * <p>The history is kept apart from the clone, whose commits must be complete, and is deleted afterwards.
 */
public final class HistoryFetch {
    private static final Logger LOG = Logger.getLogger(HistoryFetch.class);
    private static final int[] DEPTHS = {16, 256, 4_096, 65_536};
    private static final String TIP = "refs/heads/tip";

    private final Repository clone;
    private final ShallowFetch.Connector connector;
    private final GitSettings settings;
    private final ProgressMonitor monitor;
    private final PackLimits limits;
    private List<FilterSpec> filters;

    public HistoryFetch(
            Repository clone, ShallowFetch.Connector connector, GitSettings settings, ProgressMonitor monitor) {
        this.clone = clone;
        this.connector = connector;
        this.settings = settings;
        this.monitor = monitor;
        this.limits = PackLimits.ofHistory();
        this.filters = LocalClone.extent(clone).leavesOut()
                ? List.of(FetchFilter.onlyCommits(), FetchFilter.noFiles(), FilterSpec.NO_FILTER)
                : List.of(FilterSpec.NO_FILTER);
    }

    /**
     * Examines the history of the commit that was transferred last.
     *
     * @throws IOException if the server cannot be reached, or the clone is damaged
     */
    public Descent of(ObjectId commit, ObjectId ancestor) throws IOException {
        Optional<Descent> known = search(clone, commit, ancestor);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            for (int depth : DEPTHS) {
                known = transferred(commit, ancestor, depth);
                if (known.isPresent()) {
                    return known.get();
                }
            }
            return Descent.unknown("they are more than " + DEPTHS[DEPTHS.length - 1] + " generations apart");
        } catch (TransportException e) {
            return undecided(e);
        } finally {
            LocalClone.deleteBeside(clone);
        }
    }

    /**
     * Transfers the history to a depth, and searches it. Each time into a new repository: with the commits of a previous step,
     * the requests would list them all, which JGit cannot do by protocol version 0.
     */
    private Optional<Descent> transferred(ObjectId commit, ObjectId ancestor, int depth) throws IOException {
        try (Repository history = LocalClone.beside(clone, limits)) {
            history.getObjectDatabase().setShallowCommits(Set.of(commit));
            point(history, commit);
            transfer(history, commit, depth);
            return search(history, commit, ancestor);
        }
    }

    private static Descent undecided(TransportException failure) throws TransportException {
        Optional<LimitExceededException> limit = LimitExceededException.in(failure);
        if (limit.isPresent()) {
            return Descent.unknown(
                    "the history between them exceeds a limit: " + limit.get().getMessage());
        }
        if (ShallowFetch.isRefusal(failure)) {
            return Descent.unknown(
                    "the server refuses to send the history: " + DisplayText.oneLine(failure.getMessage()));
        }
        throw failure;
    }

    private Optional<Descent> search(Repository in, ObjectId commit, ObjectId ancestor) throws IOException {
        try (ObjectReader objects = in.newObjectReader()) {
            return switch (new AncestorSearch(objects, monitor::isCancelled).run(commit, ancestor)) {
                case FOUND -> Optional.of(Descent.PROVEN);
                case NOT_FOUND -> Optional.of(Descent.EXCLUDED);
                case INCOMPLETE -> Optional.empty();
                case TOO_LONG ->
                    Optional.of(Descent.unknown(
                            "there are more than " + AncestorSearch.MOST_COMMITS + " commits between them"));
                case CANCELLED -> throw new IOException("cancelled");
            };
        }
    }

    private static void point(Repository history, ObjectId commit) throws IOException {
        RefUpdate update = history.updateRef(TIP);
        update.setNewObjectId(commit);
        update.forceUpdate();
    }

    /** A filter that the server refused is not tried again. */
    private void transfer(Repository history, ObjectId commit, int depth) throws IOException {
        while (true) {
            try {
                transfer(history, commit, depth, filters.get(0));
                return;
            } catch (TransportException e) {
                if (filters.size() == 1 || !ShallowFetch.isRefusal(e)) {
                    throw e;
                }
                filters = filters.subList(1, filters.size());
                LogEntry.of("git filter refused for the history")
                        .with(LogKey.REASON, DisplayText.oneLine(e.getMessage()))
                        .debug(LOG);
            }
        }
    }

    private void transfer(Repository history, ObjectId commit, int depth, FilterSpec filter) throws IOException {
        try (Transport transport = connector.open(history)) {
            transport.setDepth(depth);
            transport.setFetchThin(filter.isNoOp());
            transport.setFilterSpec(filter);
            try (FetchConnection connection =
                    transport.openFetch(List.of(settings.reference().listed()))) {
                Ref wanted = new ObjectIdRef.Unpeeled(
                        Ref.Storage.NETWORK, settings.reference().cloneRef(), commit);
                connection.fetch(monitor, List.of(wanted), Set.of());
            }
        }
    }
}
