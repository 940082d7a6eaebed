package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Objects;

/**
 * What the definition of an ensemble looks like when the commit is compared with what is stored.
 *
 * @param ensemble the other one, for a rename; null for a move
 * @param file the former file for a move; the file of the other ensemble for a rename
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Relocation(Kind kind, EnsembleId ensemble, String file) {

    /** What was changed. */
    public enum Kind {
        /** The ensemble is defined in another file, and stays the same. */
        MOVED_FROM,
        /** It would be created, and looks like a rename of an ensemble that is no longer defined. */
        RENAMED_FROM,
        /** It is no longer defined, and looks like it was renamed to an ensemble that would be created. */
        RENAMED_TO
    }

    public Relocation {
        Objects.requireNonNull(kind, "kind");
    }

    static Relocation movedFrom(String file) {
        return new Relocation(Kind.MOVED_FROM, null, file);
    }
}
