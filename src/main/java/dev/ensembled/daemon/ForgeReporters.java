package dev.ensembled.daemon;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.forge.ForgeReporter;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reports to the forges of the sources that have one, each on a thread of its own. Thread-safe. */
final class ForgeReporters implements AutoCloseable {
    private final Map<String, ForgeReporter> bySource = new LinkedHashMap<>();

    /**
     * Creates reporters that do nothing until they are started.
     *
     * @param planner plans for these sources
     * @param results returns the latest result of each ensemble
     */
    ForgeReporters(
            Sources sources,
            Planner planner,
            Supplier<? extends Map<EnsembleId, ReconcileResult>> results,
            Clock clock) {
        sources.forEach((settings, origin, git) -> settings.forge()
                .ifPresent(forge -> bySource.put(
                        settings.name(),
                        new ForgeReporter(
                                forge,
                                settings.git(),
                                origin,
                                planner,
                                new ForgeReporter.View(git::state, results),
                                clock))));
    }

    void start() {
        bySource.values().forEach(ForgeReporter::start);
    }

    /** Requests that pull requests of a source are planned soon, if anything is reported to its forge. */
    void pullRequestsChanged(String source) {
        Optional.ofNullable(bySource.get(source)).ifPresent(ForgeReporter::pullRequestsChanged);
    }

    /** Whether anything is reported to the forge of a source. */
    boolean has(String source) {
        return bySource.containsKey(source);
    }

    /** Why requests fail, by the names of the sources; empty if they do not. */
    Map<String, ForgeReporter.Failure> failures() {
        Map<String, ForgeReporter.Failure> failures = new LinkedHashMap<>();
        bySource.forEach((name, reporter) -> reporter.failure().ifPresent(failure -> failures.put(name, failure)));
        return failures;
    }

    /** How many writes wait, by the names of the sources. */
    Map<String, Integer> waiting() {
        Map<String, Integer> waiting = new LinkedHashMap<>();
        bySource.forEach((name, reporter) -> waiting.put(name, reporter.waiting()));
        return waiting;
    }

    @Override
    public void close() {
        bySource.values().forEach(ForgeReporter::close);
    }
}
