package dev.ensembled.daemon;

import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.reference.FixedCommit;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tag;
import dev.ensembled.git.reference.VersionRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The four settings of which one says what a source follows. */
final class ReferenceChoice {
    private static final String DEFAULT_BRANCH = "main";

    private final Map<String, Supplier<Reference>> set = new LinkedHashMap<>();

    /**
     * Adds the settings of a source, under the names that they have in its configuration.
     *
     * @param value returns the value of one of the settings {@code branch}, {@code tag}, {@code semver} and {@code commit}
     * @param title returns the name of that setting, for messages
     * @throws IllegalArgumentException if several are set, or the one that is set is invalid
     */
    static Reference of(Function<String, Optional<String>> value, Function<String, String> title) {
        ReferenceChoice choice = new ReferenceChoice();
        Map<String, Function<String, Reference>> kinds = new LinkedHashMap<>();
        kinds.put("branch", Branch::new);
        kinds.put("tag", Tag::new);
        kinds.put("semver", VersionRange::new);
        kinds.put("commit", FixedCommit::new);
        kinds.forEach((setting, create) -> value.apply(setting)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> choice.set.put(title.apply(setting), () -> create.apply(text))));
        return choice.reference();
    }

    private Reference reference() {
        if (set.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", set.keySet())
                    + " are set, but a source follows one reference: leave only one of them set");
        }
        return set.isEmpty()
                ? new Branch(DEFAULT_BRANCH)
                : set.values().iterator().next().get();
    }
}
