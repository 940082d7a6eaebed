package dev.ensembled.forge;

import dev.ensembled.forge.WriteQueue.Write;
import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.CommitStatus.State;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.PullRequest;
import dev.ensembled.git.SingleCommits;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.planner.PlanRequest;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.CommitPlan.Result;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Plans the open pull requests into the followed branch:
 *
 * <ol>
 *   <li>list them, without those from forks unless they are allowed;
 *   <li>choose those whose head or whose branch has moved since their last plan, the longest waiting first;
 *   <li>read the files that the branch would have after the merge ({@link MergedFiles});
 *   <li>plan them, as the command {@code plan} does, and keep what the changed files are about;
 *   <li>put the comment and the status into the queue.
 * </ol>
 *
 * <p>A pull request is hostile input: it is read under the limits of the source, and nothing that it contains is applied.
 * However many there are and however often they move, a bounded number is planned at a time. Not thread-safe.
 */
final class PullRequestPlans {
    private static final Logger LOG = Logger.getLogger(PullRequestPlans.class);
    /** The number of plans at a time; each reads one commit, and may ask the servers of many ensembles. */
    private static final int MAX_PLANS = 10;

    /** After these failures, the failure is reported on the pull request. */
    private static final int ATTEMPTS = 3;

    private final Source source;
    private final Planner planner;
    private final SingleCommits commits;
    private final WriteQueue queue;
    private final Map<Integer, Planned> planned = new HashMap<>();
    private long plans;

    /**
     * The source whose pull requests are planned.
     *
     * @param name the name of the source
     * @param directory that it reads; empty for the whole repository
     * @param context the first part of the names of statuses
     * @param marker the HTML comment that identifies the comments of this installation
     */
    record Source(String name, String branch, String directory, boolean forks, String context, String marker) {}

    /**
     * The last attempt to plan a pull request.
     *
     * @param order grows with each plan
     * @param failures of attempts with the same commits
     */
    private record Planned(String head, String base, long order, int failures, boolean done) {
        boolean isOf(PullRequest pullRequest, String branchHead) {
            return head.equals(pullRequest.head()) && base.equals(branchHead);
        }
    }

    PullRequestPlans(Source source, Planner planner, SingleCommits commits, WriteQueue queue) {
        this.source = source;
        this.planner = planner;
        this.commits = commits;
        this.queue = queue;
    }

    /**
     * Plans pull requests.
     *
     * @param base the commit of the branch that is in force
     * @return whether there are more to plan
     */
    boolean update(Forge forge, String base) throws ForgeFailedException, InterruptedException {
        List<PullRequest> open = forge.openPullRequests(source.branch()).stream()
                .filter(each -> source.forks() || !each.fork())
                .toList();
        planned.keySet().retainAll(open.stream().map(PullRequest::number).collect(Collectors.toSet()));
        List<PullRequest> due = open.stream()
                .filter(each -> isDue(each, base))
                .sorted(Comparator.comparingLong(each -> lastPlan(each.number())))
                .toList();
        Base branch = new Base(base);
        for (PullRequest each : due.subList(0, Math.min(MAX_PLANS, due.size()))) {
            plan(forge, each, branch);
        }
        return due.size() > MAX_PLANS;
    }

    private boolean isDue(PullRequest pullRequest, String base) {
        Planned last = planned.get(pullRequest.number());
        return last == null || !last.isOf(pullRequest, base) || !last.done();
    }

    private long lastPlan(int number) {
        return planned.containsKey(number) ? planned.get(number).order() : 0;
    }

    /** The files of the branch, which are read once for all pull requests. */
    private final class Base {
        private final String commit;
        private CommitFiles files;

        Base(String commit) {
            this.commit = commit;
        }

        CommitFiles read() throws SourceFailedException, InterruptedException {
            if (files == null) {
                files = commits.read(commit);
            }
            return files;
        }
    }

    private void plan(Forge forge, PullRequest pullRequest, Base base)
            throws ForgeFailedException, InterruptedException {
        Planned last = planned.get(pullRequest.number());
        int failures = last != null && last.isOf(pullRequest, base.commit) ? last.failures() : 0;
        try {
            report(pullRequest, base.commit, plan(changes(forge, pullRequest), pullRequest, base));
            done(pullRequest, base, failures, true);
        } catch (SourceFailedException e) {
            boolean lastAttempt = failures + 1 >= ATTEMPTS;
            if (lastAttempt) {
                notPlanned(pullRequest, e.getMessage());
            }
            done(pullRequest, base, failures + 1, lastAttempt);
        } catch (Planner.RequestTooLargeException e) {
            notPlanned(pullRequest, e.getMessage());
            done(pullRequest, base, failures, true);
        } catch (ForgeFailedException e) {
            if (e.kind() != ForgeFailedException.Kind.REQUEST) {
                throw e;
            }
            notPlanned(pullRequest, e.getMessage());
            done(pullRequest, base, failures, true);
        } catch (RetryLaterException e) {
            throw e;
        } catch (RuntimeException e) {
            // The others must not wait because of it
            LogEntry.of("pull request not planned")
                    .with(LogKey.NUMBER, pullRequest.number())
                    .log(LOG, Logger.Level.WARN, e);
            notPlanned(pullRequest, "internal error, see the log of ensembled");
            done(pullRequest, base, failures, true);
        }
    }

    private void notPlanned(PullRequest pullRequest, String why) {
        status(pullRequest, new CommitStatus(source.context(), State.FAILURE, "not planned: " + why));
    }

    private void done(PullRequest pullRequest, Base base, int failures, boolean done) {
        planned.put(pullRequest.number(), new Planned(pullRequest.head(), base.commit, ++plans, failures, done));
    }

    /** The changes that may concern the source. */
    private List<ChangedFile> changes(Forge forge, PullRequest pullRequest) throws ForgeFailedException {
        return forge.changedFiles(pullRequest).stream()
                .filter(file -> isRead(file.path())
                        || file.previousPath().filter(this::isRead).isPresent())
                .toList();
    }

    private boolean isRead(String path) {
        return source.directory().isEmpty() || path.startsWith(source.directory() + "/");
    }

    private CommitPlan plan(List<ChangedFile> changes, PullRequest pullRequest, Base base)
            throws SourceFailedException, InterruptedException {
        if (changes.isEmpty()) {
            return CommitPlan.of(List.of(), List.of(), List.of());
        }
        MergedFiles merged = MergedFiles.of(
                base.read().files(), commits.read(pullRequest.head()).files(), changes);
        if (merged.changed().isEmpty()) {
            return CommitPlan.of(List.of(), List.of(), List.of());
        }
        List<PlanRequest.File> files = merged.files().stream()
                .map(file -> PlanRequest.File.of(file, file.path()))
                .toList();
        return planner.plan(new PlanRequest(files, true, source.name()), namespace -> true)
                .about(merged.changed());
    }

    private void report(PullRequest pullRequest, String base, CommitPlan plan) {
        String body = PlanReport.comment(source.marker(), plan, pullRequest.head(), base, source.branch());
        boolean create = plan.result() != Result.NO_CHANGES;
        queue.put(new Write(
                "comment " + pullRequest.number(),
                body,
                forge -> forge.comment(pullRequest, source.marker(), body, create)));
        status(pullRequest, PlanReport.status(source.context(), plan));
    }

    private void status(PullRequest pullRequest, CommitStatus status) {
        queue.put(new Write("plan " + pullRequest.head(), status, forge -> forge.status(pullRequest.head(), status)));
    }
}
