package dev.ensembled.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory whose files have the paths of the repository.
 *
 * @param root the real path of the working tree
 */
record WorkingTree(Path root) {

    /** Returns the Git working tree that contains a path; empty if it is in none. */
    static Optional<WorkingTree> around(Path path) throws IOException {
        Path directory = path.toRealPath();
        while (directory != null) {
            if (Files.exists(directory.resolve(".git"))) {
                return Optional.of(new WorkingTree(directory));
            }
            directory = directory.getParent();
        }
        return Optional.empty();
    }

    /** Returns the path of a file in the repository. */
    String pathOf(Path real) {
        return root.relativize(real).toString().replace(java.io.File.separatorChar, '/');
    }
}
