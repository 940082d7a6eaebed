package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ensembled.reconciler.forecast.SpecChange;
import java.util.Objects;

/**
 * A field of the spec that changes. A value that may be a secret is hidden.
 *
 * @param path below {@code spec}
 * @param before null if the field had no value
 * @param after null if the field has no value any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldChange(String path, String before, String after) {
    public FieldChange {
        Objects.requireNonNull(path, "path");
    }

    static FieldChange of(SpecChange change) {
        return new FieldChange(
                change.path(), change.before().orElse(null), change.after().orElse(null));
    }
}
