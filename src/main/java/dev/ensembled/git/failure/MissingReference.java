package dev.ensembled.git.failure;

import dev.ensembled.git.reference.NotFound;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.util.Collection;

/** Creates the error that there is no commit for the reference, with what exists instead. */
public final class MissingReference {
    private MissingReference() {}

    /**
     * Creates the error.
     *
     * @param refs the names of the refs of the repository
     */
    public static SourceFailedException of(GitSettings settings, Collection<String> refs) {
        NotFound missing = settings.reference().notFound(refs);
        return new SourceFailedException(
                missing.what() + " in repository " + settings.url() + missing.detail(), missing.toDo());
    }
}
