package dev.ensembled.forge.api;

import dev.ensembled.forge.api.ForgeFailedException.Kind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that a pull request adds, changes, removes or renames.
 *
 * @param path in the head of the pull request; for a removed file, its path before
 * @param removed whether the head does not have the file
 * @param previousPath the path before, if the file was renamed
 */
public record ChangedFile(String path, boolean removed, Optional<String> previousPath) {
    public ChangedFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(previousPath, "previousPath");
    }

    /**
     * Returns a list of changed files.
     *
     * @throws ForgeFailedException if it is too long to be complete
     */
    public static List<ChangedFile> bounded(List<ChangedFile> files) throws ForgeFailedException {
        if (files.size() > Forge.MAX_CHANGED_FILES) {
            throw new ForgeFailedException(
                    Kind.REQUEST,
                    "The pull request changes more than " + Forge.MAX_CHANGED_FILES + " files",
                    "Divide it into several pull requests, or use \"ensembled plan\" in a clone.");
        }
        return files;
    }
}
