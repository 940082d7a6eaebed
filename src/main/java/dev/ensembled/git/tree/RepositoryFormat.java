package dev.ensembled.git.tree;

import dev.ensembled.git.failure.UnsupportedFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Config;

/** Decides from the configuration of a local repository whether its format can be read. Pure. */
final class RepositoryFormat {
    private static final String EXTENSIONS = "extensions";

    /** Extensions that do not change how a commit is read. */
    private static final Set<String> HARMLESS =
            Set.of("noop", "noop-v1", "preciousobjects", "partialclone", "worktreeconfig", "relativeworktrees");

    private RepositoryFormat() {}

    /** What cannot be read, and why; empty if the repository can be read. */
    static Optional<String> unreadable(Config config) {
        int version = config.getInt("core", null, "repositoryformatversion", 0);
        if (version > 1) {
            return Optional.of("repository format version " + version + " is not supported (supported: 0 and 1)");
        }
        return version == 0
                ? Optional.empty()
                : config.getNames(EXTENSIONS).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .sorted()
                        .flatMap(name ->
                                unreadable(name, String.valueOf(config.getString(EXTENSIONS, null, name))).stream())
                        .findFirst();
    }

    private static Optional<String> unreadable(String extension, String value) {
        boolean readable =
                switch (extension) {
                    case "objectformat" -> value.equalsIgnoreCase("sha1");
                    case "refstorage" -> value.equalsIgnoreCase("reftable");
                    default -> HARMLESS.contains(extension);
                };
        if (readable) {
            return Optional.empty();
        }
        return Optional.of(
                extension.equals("objectformat")
                        ? UnsupportedFormat.objects(value)
                        : "extension \"" + extension + "\" (" + value + ") is not supported");
    }
}
