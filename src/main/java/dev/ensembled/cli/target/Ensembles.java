package dev.ensembled.cli.target;

import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.List;
import java.util.Optional;

/** The ensembles that a command reads, and the requests that it makes; the daemon need not run. */
public interface Ensembles extends AutoCloseable {
    /**
     * Returns all ensembles, ordered by namespace and name.
     *
     * @throws TargetException if they cannot be read
     */
    List<StoredEnsemble> list();

    /**
     * Returns one ensemble.
     *
     * @throws TargetException if it does not exist or cannot be read
     */
    StoredEnsemble get(String name);

    /**
     * Makes or replaces a request, or withdraws it if there is no value.
     *
     * @param ensemble as it was read: a request is not made for another ensemble of the same name
     * @param request a name in {@code Requests}
     * @throws TargetException if it cannot be changed
     */
    void request(StoredEnsemble ensemble, String request, Optional<String> value);

    /**
     * Returns what the rollouts of an ensemble did; an empty history if nothing is recorded.
     *
     * @throws TargetException if it cannot be read
     */
    History history(StoredEnsemble ensemble);

    /** Returns the name of the person who uses the command, as far as it is known. */
    String user();

    /** Returns the options that select this ensemble in another command, such as {@code kafka -n streaming}. */
    String arguments(EnsembleId id);

    @Override
    void close();
}
