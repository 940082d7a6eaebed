package dev.ensembled.daemon;

import dev.ensembled.git.GitSource;
import dev.ensembled.git.GitState;
import dev.ensembled.git.SharedDefinitions;
import dev.ensembled.git.SourceScope;
import dev.ensembled.planner.PlannedSource;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceContext;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Git sources of the daemon. Each has its own thread, clone and record of the last accepted commit, so that one that fails
 * does not stop the others; they share what they define ({@link SharedDefinitions}). Thread-safe.
 */
final class Sources implements AutoCloseable {
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Settings settings;
    private final SharedDefinitions definitions = new SharedDefinitions();

    /** What exists for one source. */
    private record Part(SourceSettings settings, Origin origin, GitSource git) {}

    /**
     * Creates sources that do nothing until they are started.
     *
     * @param store that takes their commits
     */
    Sources(List<SourceSettings> list, Settings settings, PlatformRuntime runtime, EnsembleStore store, Clock clock) {
        this.settings = settings;
        String installation = Installation.name(settings);
        list.forEach(source -> {
            Origin origin = origin(source, list, installation);
            GitSource git = new GitSource(
                    source.git(),
                    new SourceScope(origin, source.namespaces(), definitions),
                    runtime.acceptedCommits(installation, source.name()),
                    new CommitReader(specs(source))::read,
                    store,
                    clock);
            parts.put(source.name(), new Part(source, origin, git));
        });
    }

    private static Origin origin(SourceSettings source, List<SourceSettings> list, String installation) {
        Map<String, String> others = list.stream()
                .filter(other -> !other.name().equals(source.name()))
                .collect(Collectors.toMap(
                        SourceSettings::name, other -> other.git().origin()));
        return new Origin(source.git().origin(), installation, source.name(), others);
    }

    /** Returns a reader of the specs of a source; each source has one, since it may be limited to namespaces. */
    private SpecReader specs(SourceSettings source) {
        return new SpecReader(
                settings.defaultNamespace(),
                InstallationPolicy.of(settings).ofSource(source.name(), source.namespaces()));
    }

    void start() {
        parts.values().forEach(part -> part.git().start());
    }

    /** Takes the parts of one source. */
    interface Visitor {
        void visit(SourceSettings settings, Origin origin, GitSource git);
    }

    void forEach(Visitor visitor) {
        parts.values().forEach(part -> visitor.visit(part.settings(), part.origin(), part.git()));
    }

    /** The names of all sources. */
    Set<String> names() {
        return parts.keySet();
    }

    /** Requests that a source fetches soon, if there is one of this name. */
    void fetchNow(String name) {
        Optional.ofNullable(parts.get(name)).ifPresent(part -> part.git().fetchNow());
    }

    /** Whether a push to this ref of its repository may change which commit a source follows. */
    boolean follows(String name, String ref) {
        return parts.containsKey(name) && parts.get(name).git().movesWith(ref);
    }

    /** Makes the sources restore what other clients changed in the store. */
    void resync() {
        parts.values().forEach(part -> part.git().resync());
    }

    /** Returns the state of each source by its name, in the order of the configuration. */
    Map<String, GitSource.Fetches> fetches() {
        Map<String, GitSource.Fetches> fetches = new LinkedHashMap<>();
        parts.forEach((name, part) -> fetches.put(name, part.git().fetches()));
        return fetches;
    }

    Map<String, GitState> states() {
        Map<String, GitState> states = new LinkedHashMap<>();
        parts.forEach((name, part) -> states.put(name, part.git().state()));
        return states;
    }

    /** Returns which source that was started has sent no heartbeat since a time; empty if all have. */
    Optional<String> wedged(Instant limit) {
        return parts.values().stream()
                .map(Part::git)
                .filter(GitSource::hasStarted)
                .filter(git -> git.lastHeartbeat().isBefore(limit))
                .findFirst()
                .map(git -> "the Git source " + git.name() + " has sent no heartbeat since " + git.lastHeartbeat());
    }

    /** Returns the sources for plans; without a source, plans are made as for one that has accepted nothing. */
    List<PlannedSource> planned() {
        if (parts.isEmpty()) {
            SpecReader specs = new SpecReader(settings.defaultNamespace(), InstallationPolicy.of(settings));
            Origin none = new Origin("", Installation.name(settings));
            return List.of(new PlannedSource(none, specs, "", () -> SourceContext.NONE));
        }
        return parts.values().stream().map(this::planned).toList();
    }

    private PlannedSource planned(Part part) {
        SourceSettings source = part.settings();
        return new PlannedSource(
                part.origin(),
                specs(source),
                source.git().path(),
                () -> definitions.around(source.name(), source.namespaces()));
    }

    @Override
    public void close() {
        parts.values().forEach(part -> part.git().close());
    }
}
