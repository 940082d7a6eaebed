package dev.ensembled.reconciler.spec.yaml;

import java.util.List;
import java.util.Optional;

/**
 * One document of a file.
 *
 * @param place where it begins
 * @param root its value; as far as it could be read if it is not complete; empty if there is nothing in it
 * @param text the part of the file that it was read from
 * @param complete whether it could be read to its end, with or without problems
 * @param problems what is wrong with it as YAML
 */
public record YamlDocument(
        Place place, String text, Optional<YamlNode> root, boolean complete, List<YamlProblem> problems) {
    public YamlDocument {
        problems = List.copyOf(problems);
    }

    /**
     * Something that is wrong with a document as YAML.
     *
     * @param path of the field, such as {@code spec.voters}; empty where none is known
     */
    public record YamlProblem(Place place, String path, String message) {}
}
