package dev.ensembled.daemon;

import dev.ensembled.leadership.Hint;
import dev.ensembled.leadership.Leadership;

/**
 * Hints that a source may have changed: the replica that leads follows them, and another one passes them on to it. Thread-safe.
 */
final class Hints {
    private final Sources sources;
    private final ForgeReporters forges;
    private final Leadership leadership;

    Hints(Sources sources, ForgeReporters forges, Leadership leadership) {
        this.sources = sources;
        this.forges = forges;
        this.leadership = leadership;
    }

    /** Requests that all sources fetch soon; returns false if there is none. */
    boolean fetch() {
        sources.names().forEach(this::fetch);
        return !sources.names().isEmpty();
    }

    /** Requests that one source fetches soon; returns false if there is no source of this name. */
    boolean fetch(String source) {
        return sources.names().contains(source) && follow(new Hint(Hint.Kind.FETCH, source));
    }

    /** Requests that pull requests of a source are planned soon; returns false if nothing is reported to its forge. */
    boolean pullRequests(String source) {
        return forges.has(source) && follow(new Hint(Hint.Kind.PULL_REQUESTS, source));
    }

    private boolean follow(Hint hint) {
        if (leadership.isLeading()) {
            receive(hint);
        } else {
            leadership.pass(hint);
        }
        return true;
    }

    /** Follows a hint, if its source exists. */
    void receive(Hint hint) {
        switch (hint.kind()) {
            case FETCH -> sources.fetchNow(hint.source());
            case PULL_REQUESTS -> forges.pullRequestsChanged(hint.source());
        }
    }
}
