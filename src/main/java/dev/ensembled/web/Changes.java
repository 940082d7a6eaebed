package dev.ensembled.web;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.web.page.EnsembleRow;
import dev.ensembled.web.page.SourceView;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers that increase when what a page shows has changed; the number of a page is all that its client has to know. They begin
 * at the time of the start, so that a client of an earlier process notices that too. Thread-safe.
 */
@ApplicationScoped
public class Changes implements Driver.Listener {
    private final Daemon daemon;
    private final AtomicLong counter = new AtomicLong(System.currentTimeMillis());
    private final Map<EnsembleId, Seen> ensembles = new ConcurrentHashMap<>();
    private final AtomicLong overview = new AtomicLong(counter.get());
    private final Object sourcesLock = new Object();
    private List<GitState> states = List.of();
    private List<SourceView> shownSources = List.of();
    private long sources = counter.get();

    Changes(Daemon daemon) {
        this.daemon = daemon;
    }

    void start(@Observes @Priority(2) StartupEvent event) {
        daemon.show(this);
    }

    /** What the page of an ensemble shows, and the number since which it does. */
    private record Seen(EnsembleRow row, Optional<EnsembleStatus> status, Optional<History> history, long number) {
        boolean shows(Seen other) {
            return row.equals(other.row) && status.equals(other.status) && history.equals(other.history);
        }

        boolean rolls() {
            return history.flatMap(History::newest).map(RecordedCommit::done).isEmpty();
        }
    }

    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {
        Seen now = new Seen(
                EnsembleRow.of(id, latest),
                latest.result().map(ReconcileCycle.Result::status),
                latest.result().map(ReconcileCycle.Result::history),
                counter.incrementAndGet());
        Seen before = ensembles.get(id);
        if (before != null && before.shows(now)) {
            return;
        }
        ensembles.put(id, now);
        if (before == null || !before.row().equals(now.row()) || before.rolls() || now.rolls()) {
            overview.set(now.number());
        }
    }

    @Override
    public void gone(EnsembleId id) {
        if (ensembles.remove(id) != null) {
            overview.set(counter.incrementAndGet());
        }
    }

    /** The number of the page of one ensemble; 0 if there is no such ensemble. */
    long ofEnsemble(EnsembleId id) {
        Seen seen = ensembles.get(id);
        return seen == null ? 0 : seen.number();
    }

    /** The number of the page of the sources, which changes with each fetch. */
    long ofSources() {
        synchronized (sourcesLock) {
            look();
            return sources;
        }
    }

    /** The number of the overview, which shows no times of fetches. */
    long ofOverview() {
        synchronized (sourcesLock) {
            look();
        }
        return overview.get();
    }

    /** The sources report no changes, but their states are replaced as a whole. */
    private void look() {
        Map<String, GitState> now = daemon.sources();
        List<GitState> current = List.copyOf(now.values());
        if (isSame(current)) {
            return;
        }
        states = current;
        sources = counter.incrementAndGet();
        List<SourceView> shown =
                SourceView.of(now).stream().map(SourceView::withoutTimes).toList();
        if (!shown.equals(shownSources)) {
            shownSources = shown;
            overview.set(counter.incrementAndGet());
        }
    }

    @SuppressWarnings("ReferenceEquality") // Large records: another object is a change
    private boolean isSame(List<GitState> current) {
        if (current.size() != states.size()) {
            return false;
        }
        for (int index = 0; index < current.size(); index++) {
            if (current.get(index) != states.get(index)) {
                return false;
            }
        }
        return true;
    }
}
