package dev.ensembled.kubernetes.act;

import dev.ensembled.kubernetes.client.ObjectVersions;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.ObjectVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;

/**
 * An object as a decision knows it.
 *
 * @param label {@code Kind/name}
 */
record ObservedObject(ObjectNames names, String label, ObjectVersion observed) {

    /**
     * Returns how the object differs from the observation; empty if it does not. An object that was found is remembered,
     * so that the next decision is not based on an older view.
     *
     * @param there the object as it is now
     */
    Optional<Outcome> staleness(Optional<? extends HasMetadata> there, RecentWrites writes) {
        Optional<String> difference = there.isPresent()
                ? difference(there.get())
                : Optional.of("was deleted").filter(gone -> observed.exists());
        if (difference.isPresent()) {
            there.ifPresent(object -> writes.found(names, object));
        }
        return difference.map(what -> new Outcome.Stale(label + " " + what + " since it was observed; expected "
                + (observed.exists() ? "the object with UID " + observed.uid() + " unchanged" : "no object")));
    }

    private Optional<String> difference(HasMetadata there) {
        ObjectVersion now = ObjectVersions.of(there);
        if (!observed.exists()) {
            // Watches do not contain an object that has lost our labels.
            return Optional.of("was created").filter(created -> isWatched(there));
        }
        if (!now.uid().equals(observed.uid())) {
            return Optional.of("was replaced");
        }
        return Optional.of("was changed").filter(changed -> !now.equals(observed));
    }

    private boolean isWatched(HasMetadata there) {
        Map<String, String> labels = there.getMetadata().getLabels();
        return labels != null && labels.entrySet().containsAll(names.selector().entrySet());
    }
}
