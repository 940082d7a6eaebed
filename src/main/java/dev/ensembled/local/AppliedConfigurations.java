package dev.ensembled.local;

import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.process.Directories;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.io.IOException;
import java.util.Optional;

/** What was applied last for each ensemble, stored in {@code applied.json} in the ensemble's directory. */
record AppliedConfigurations(Directories directories) {

    /** What the servers of an ensemble are started from; empty if nothing was applied or the ensemble was ended. */
    Optional<AppliedConfiguration> of(EnsembleId id) throws IOException {
        return read(id).filter(applied -> !applied.ended());
    }

    void put(EnsembleId id, AppliedConfiguration applied) throws IOException {
        Optional<AppliedConfiguration> before = read(id);
        if (before.isEmpty() || !before.get().equals(applied)) {
            // It contains the digest of the super user's password.
            file(id).writeSecret(applied);
        }
    }

    /** Like {@code of}, but also returns the target of an ensemble that was ended. */
    Optional<AppliedConfiguration> includingEnded(EnsembleId id) throws IOException {
        return read(id);
    }

    private Optional<AppliedConfiguration> read(EnsembleId id) throws IOException {
        Optional<AppliedConfiguration> applied = file(id).read(AppliedConfiguration.class);
        if (applied.isEmpty() || applied.get().replicas() != null) {
            return applied;
        }
        // The file is of a version in which each server with data was a replica permanently.
        var withData = directories.withData(id);
        return Optional.of(applied.get().withReplicas(withData.isEmpty() ? 0 : withData.last()));
    }

    private JsonFile file(EnsembleId id) {
        return new JsonFile(
                directories.of(id).resolve("applied.json"),
                "Restore or delete it; after a deletion it is recreated from the spec, and running servers are not affected");
    }
}
