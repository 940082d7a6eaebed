package dev.ensembled.daemon;

import dev.ensembled.reconciler.accept.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sources of the installation, from the environment and from the mounted file. */
final class SourceList {
    private SourceList() {}

    /**
     * Returns the settings of all sources, the one of the environment first.
     *
     * @return empty if no source is configured
     * @throws IllegalArgumentException if a setting is invalid, or two sources have the same name, or the same repository,
     *     path and reference
     */
    static List<SourceSettings> of(Settings settings) {
        List<SourceSettings> sources = new ArrayList<>();
        GitConnection.of(settings.git()).ifPresent(sources::add);
        boolean fromEnvironment = !sources.isEmpty();
        settings.sources()
                .filter(file -> !file.toString().isBlank())
                .ifPresent(file -> sources.addAll(new SourcesFile(file, GitConnection.cache(settings.git())).read()));
        requireDifferent(sources, fromEnvironment);
        return List.copyOf(sources);
    }

    private static void requireDifferent(List<SourceSettings> sources, boolean fromEnvironment) {
        Map<String, String> byStatus = new HashMap<>();
        Map<String, String> byOrigin = new HashMap<>();
        Map<String, SourceSettings> byName = new HashMap<>();
        for (SourceSettings source : sources) {
            String name = source.name();
            if (byName.put(name, source) != null) {
                throw new IllegalArgumentException(
                        fromEnvironment && name.equals(Origin.DEFAULT_NAME)
                                ? "the source default is set by ENSEMBLED_GIT_URI and in the file of ENSEMBLED_SOURCES;"
                                        + " expected once: rename it in the file, or unset ENSEMBLED_GIT_URI"
                                : "the file of ENSEMBLED_SOURCES has several sources with the name " + name
                                        + "; expected different names: rename all but one");
            }
            source.forge().ifPresent(forge -> {
                String reporter = byStatus.put(forge.api() + " " + forge.repository() + " " + forge.context(), name);
                if (reporter != null) {
                    throw new IllegalArgumentException("the sources " + reporter + " and " + name
                            + " report to the same repository of a forge in the same context; expected different"
                            + " contexts: set context of the forge of one of them");
                }
            });
            String other = byOrigin.put(source.git().origin(), name);
            if (other != null) {
                throw new IllegalArgumentException("the sources " + other + " and " + name
                        + " have the same repository, path and reference; expected different ones: remove one of them");
            }
        }
    }
}
