package dev.ensembled.reconciler.spec.yaml;

import java.util.List;
import java.util.Optional;

/**
 * One document of a file.
 *
 * @param location where the document begins
 * @param root its value, or the part that could be read if the document is not complete; empty if it has no content
 * @param text the part of the file from which it was read
 * @param complete whether it could be read to its end, with or without problems
 * @param problems what is wrong with it as YAML
 */
public record YamlDocument(
        Location location, String text, Optional<YamlNode> root, boolean complete, List<YamlProblem> problems) {
    public YamlDocument {
        problems = List.copyOf(problems);
    }

    /**
     * A part of a document that is wrong as YAML.
     *
     * @param path the path of the field, such as {@code spec.voters}; empty if none is known
     */
    public record YamlProblem(Location location, String path, String message) {}
}
