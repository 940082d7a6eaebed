package dev.ensembled.git;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Config;

/** Whether a repository on this machine is of a format that can be read, by its configuration. Pure. */
final class RepositoryFormat {
    private static final String EXTENSIONS = "extensions";

    /** Those that change nothing of how a commit is read. */
    private static final Set<String> HARMLESS =
            Set.of("noop", "noop-v1", "preciousobjects", "partialclone", "worktreeconfig", "relativeworktrees");

    private RepositoryFormat() {}

    /** What cannot be read; empty if all can. */
    static Optional<String> unreadable(Config config) {
        int version = config.getInt("core", null, "repositoryformatversion", 0);
        if (version > 1) {
            return Optional.of("it is of the repository format " + version + ", and only 0 and 1 can be read");
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
                        ? UnreadableFormat.objects(value)
                        : "it uses the extension \"" + extension + "\" (" + value + "), which is not known");
    }
}
