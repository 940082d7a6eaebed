package dev.ensembled.planner;

import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.commitplan.CommitPlan;
import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.SpecPlan;
import dev.ensembled.reconciler.commitplan.SpecPlans;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes plans: what would happen if these files were pushed.
 *
 * <ol>
 *   <li>Parse the files, with the policy of the installation and of the source.
 *   <li>Decide what they change in the store, as for a commit.
 *   <li>For each spec that changes: observe its ensemble, and run the rollout forward ({@link EnsembleForecast}).
 * </ol>
 *
 * <p>Nothing is written, and no server is restarted. Thread-safe.
 */
public final class Planner implements AutoCloseable {
    /** Each forecast asks the servers of its ensemble. */
    private static final int MAX_FORECASTS = 100;

    private static final int THREADS = 8;

    private static final String PLANNED_COMMIT = "planned";

    private final EnsembleStore store;
    private final EnsembleForecast forecasts;
    private final Map<String, PlannedSource> sources = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "plan");
        thread.setDaemon(true);
        return thread;
    });

    /** The request exceeds a limit; the message says which. */
    public static final class RequestTooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RequestTooLargeException(String message) {
            super(message);
        }
    }

    /** The request names no source of the daemon, or it names none and there are several; the message lists them. */
    public static final class UnknownSourceException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownSourceException(String message) {
            super(message);
        }
    }

    /**
     * Creates a planner.
     *
     * @param sources the sources to which files may be pushed; at least one
     */
    public Planner(EnsembleStore store, EnsembleForecast forecasts, List<PlannedSource> sources) {
        this.store = store;
        this.forecasts = forecasts;
        sources.forEach(source -> this.sources.put(source.name(), source));
    }

    /**
     * Returns the plan for the files of a request.
     *
     * @param visible the namespaces whose ensembles the client may read; the others are left out
     * @throws RequestTooLargeException if the request exceeds a limit
     * @throws UnknownSourceException if it is not clear to which source the files would be pushed
     * @throws dev.ensembled.reconciler.cycle.RetryLaterException if the store cannot be read
     */
    public CommitPlan plan(PlanRequest request, Predicate<String> visible) {
        if (request.files().size() > PlanRequest.MAX_FILES) {
            throw new RequestTooLargeException("the request has more than " + PlanRequest.MAX_FILES + " files");
        }
        PlannedSource source = source(Optional.ofNullable(request.source()));
        List<String> notes = new ArrayList<>();
        ParsedCommit all = parse(source, inDirectory(source.directory(), request.files(), notes));
        ParsedCommit parsed = onlyVisible(all, visible, notes);
        List<Accepted> accepted = store.list().stream()
                .filter(one -> visible.test(one.id().namespace()))
                .filter(inScope(request, parsed))
                .toList();
        List<StoredEnsemble> stored = accepted.stream()
                .map(one -> new StoredEnsemble(
                        one.id(),
                        one.spec(),
                        one.source(),
                        one.edited(),
                        one.requests().confirmedRemoval()))
                .toList();
        AcceptanceResult decided = Acceptance.decide(source.commit(PLANNED_COMMIT), parsed, stored, gone -> Map.of());
        List<Violation> violations = Stream.concat(parsed.violations().stream(), decided.violations().stream())
                .distinct()
                .sorted()
                .toList();
        List<EnsemblePlan> plans = forecast(SpecPlans.of(parsed, decided, stored), accepted, notes);
        return CommitPlan.of(
                violations, plans.stream().sorted(EnsemblePlan.ORDER).toList(), notes);
    }

    private PlannedSource source(Optional<String> name) {
        if (name.isEmpty() && sources.size() == 1) {
            return sources.values().iterator().next();
        }
        return name.map(sources::get)
                .orElseThrow(() -> new UnknownSourceException(
                        name.map(unknown -> "the daemon has no source \"" + SafeText.of(unknown) + "\"")
                                        .orElse("the daemon has several sources, and the request names none")
                                + ": choose one of " + String.join(", ", sources.keySet()) + " (--source)"));
    }

    private static List<SourceFile> inDirectory(String directory, List<PlanRequest.File> files, List<String> notes) {
        List<SourceFile> inside = files.stream()
                .filter(file -> directory.isEmpty() || file.path().startsWith(directory + "/"))
                .map(PlanRequest.File::sourceFile)
                .toList();
        if (inside.size() < files.size()) {
            notes.add("files outside of " + directory + ", the directory that ensembled follows, are left out: "
                    + (files.size() - inside.size()));
        }
        return inside;
    }

    private static ParsedCommit parse(PlannedSource source, List<SourceFile> files) {
        CommitReader.Result result = new CommitReader(source.specs()).read(files, () -> true);
        if (result instanceof CommitReader.Complete complete) {
            return complete.parsed();
        }
        throw new RequestTooLargeException("the files exceed the limits of a commit: at most "
                + CommitReader.MAX_ENSEMBLES + " ensembles in " + CommitReader.MAX_SPEC_CHARACTERS / (1024 * 1024)
                + " MiB of files");
    }

    private static ParsedCommit onlyVisible(ParsedCommit parsed, Predicate<String> visible, List<String> notes) {
        Set<String> hidden = parsed.ensembles().stream()
                .map(found -> found.id().namespace())
                .filter(namespace -> !visible.test(namespace))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        if (hidden.isEmpty()) {
            return parsed;
        }
        notes.add("ensembles of these namespaces are left out, because you may not get zookeeperensembles there: "
                + String.join(", ", hidden));
        return new ParsedCommit(
                parsed.ensembles().stream()
                        .filter(found -> !hidden.contains(found.id().namespace()))
                        .toList(),
                parsed.violations(),
                parsed.invalid(),
                parsed.invalidPaths(),
                parsed.notes(),
                parsed.files());
    }

    /** Without all files, nothing follows from the absence of an ensemble, except from a file that defined it. */
    private static Predicate<Accepted> inScope(PlanRequest request, ParsedCommit parsed) {
        Set<EnsembleId> named = parsed.ensembles().stream()
                .map(ParsedCommit.Found::id)
                .collect(Collectors.toCollection(java.util.HashSet::new));
        named.addAll(parsed.invalid());
        return one -> request.complete()
                || named.contains(one.id())
                || one.source()
                        .filter(source -> parsed.files().containsKey(source.path()))
                        .isPresent();
    }

    private List<EnsemblePlan> forecast(List<SpecPlan> plans, Collection<Accepted> accepted, List<String> notes) {
        Map<EnsembleId, Accepted> known = new HashMap<>();
        accepted.forEach(one -> known.put(one.id(), one));
        List<CompletableFuture<EnsemblePlan>> running = new ArrayList<>();
        int forecast = 0;
        for (SpecPlan plan : plans) {
            boolean observe = plan.wanted().isPresent() && forecast < MAX_FORECASTS;
            forecast += observe ? 1 : 0;
            running.add(
                    observe
                            ? CompletableFuture.supplyAsync(
                                    () -> forecasts.of(plan, Optional.ofNullable(known.get(plan.id()))), threads)
                            : CompletableFuture.completedFuture(plan.withoutSteps()));
        }
        long changed = plans.stream().filter(plan -> plan.wanted().isPresent()).count();
        if (changed > forecast) {
            notes.add("the steps are shown for " + forecast + " of " + changed
                    + " ensembles that change: request the plan of fewer files");
        }
        return running.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
